// The definitions of the worked example in Swift. They have the digests of those in
// feature-definitions/, and this prints them as such a file:
//
//     swift run flight-definitions > feature-definitions/flights.yaml

import DefinitionBuilders

print(flights.yaml, terminator: "")

import Testing
import Values

@Suite("The nearest name")
struct NearestNameTests {
    @Test(
        "is the one that was most likely meant",
        arguments: [
            ("dep_dealy", "dep_delay"), ("Carrier", "carrier"), ("orign", "origin"),
            ("windspeed", "wind_speed"), ("carrier", "carrier"), ("départed_at", "departed_at"),
        ])
    func guesses(name: String, meant: String) {
        let names = ["dep_delay", "carrier", "origin", "wind_speed", "departed_at"]
        #expect(nearestName(to: name, among: names) == meant)
    }

    @Test("is nothing when all names are far")
    func noGuess() {
        #expect(nearestName(to: "distance", among: ["carrier", "origin"]) == nil)
        #expect(nearestName(to: "distance", among: []) == nil)
        #expect(nearestName(to: "k", among: ["", "B"]) == nil)
        #expect(nearestName(to: "", among: ["origin"]) == nil)
        #expect(nearestName(to: "abcdefghijkl", among: ["abcdefghWXYZ"]) == nil)
    }

    @Test("does not depend on the order of the candidates")
    func ties() {
        #expect(nearestName(to: "cat", among: ["hat", "bat"]) == "bat")
        #expect(nearestName(to: "cat", among: ["bat", "hat"]) == "bat")
    }
}

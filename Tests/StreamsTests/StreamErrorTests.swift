import Streams
import Testing

@Suite("Errors of streams")
struct StreamErrorTests {
    @Test("say what to do")
    func description() {
        let error = StreamError(.outdated, "it is old", hint: "build it again")
        #expect("\(error)" == "it is old; build it again")
    }
}

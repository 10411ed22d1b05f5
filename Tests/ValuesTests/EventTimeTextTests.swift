import TestSupport
import Testing
import Values

@Suite("The text of event times")
struct EventTimeTextTests {
    @Test("what is written is read back, in years 0 to 9999")
    func roundTrip() throws {
        let seed: UInt64 = 12
        var generator = SeededGenerator(seed: seed)
        let first = try EventTime(parsing: "0000-01-01T00:00:00Z").microseconds
        let last = try EventTime(parsing: "9999-12-31T23:59:59.999999Z").microseconds
        let drawn = (0..<2000).map { _ in Int64.random(in: first...last, using: &generator) }
        for microseconds in [first, last, -1, 0, 1] + drawn {
            let time = EventTime(microseconds: microseconds)
            #expect(try EventTime(parsing: time.description) == time, "seed \(seed)")
        }
    }

    @Test(
        "known texts",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999Z", -1),
            ("2013-01-31T10:00:00+02:00", 1_359_619_200_000_000),
            ("2013-01-31 10:00-0130", 1_359_631_800_000_000),
            ("2000-02-29t00:00:00z", 951_782_400_000_000),
            ("1970-01-01T00:00:00.0000019Z", 1), ("1969-12-31T23:59:59.9999999Z", -1),
            ("1970-01-01T00:00:00.5Z", 500_000), ("1970-01-01T00:00:00+05", -18_000_000_000),
        ] as [(String, Int64)])
    func known(text: String, microseconds: Int64) throws {
        #expect(try EventTime(parsing: text).microseconds == microseconds)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "2013", "2013-02-30T00:00:00Z", "2013-01-01T24:00:00Z", "2013-01-01T00:60:00Z",
            "2013-01-01T00:00:60Z", "2013-01-01T00:00:00.Z", "2013-01-01T00:00:00Zx",
            "2013-01-01T00:00:00+05:", "2013-01-01T00:00:00+5", "2013-1-01T00:00:00Z",
            "2013-01-01T00:00:00+24:00", " 2013-01-01T00:00:00Z", "2013-13-01T00:00:00Z",
            "2013-00-01T00:00:00Z", "2013-01-00T00:00:00Z", "1900-02-29T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(throws: EventTime.ParsingError.malformed) { try EventTime(parsing: text) }
    }

    @Test("text without a zone is refused unless the zone is given")
    func zoneless() throws {
        let text = "1970-01-01T02:00:00"
        #expect(throws: EventTime.ParsingError.withoutZone) { try EventTime(parsing: text) }
        #expect(try EventTime(parsing: text, zoneless: .hours(2)).microseconds == 0)
        #expect(
            try EventTime(parsing: text + "Z", zoneless: .hours(2)) > EventTime(microseconds: 0))
    }

    @Test("the ends of the range have a text")
    func extremes() {
        #expect(EventTime.distantPast.description == "-290308-12-21T19:59:05.224192Z")
        #expect(EventTime.distantFuture.description == "+294247-01-10T04:00:54.775807Z")
    }
}

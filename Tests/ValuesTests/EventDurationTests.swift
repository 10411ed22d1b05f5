import TestSupport
import Testing
import Values

@Suite("Durations")
struct EventDurationTests {
    @Test(
        "a number and a unit are read",
        arguments: [
            ("1us", 1), ("250ms", 250_000), ("90s", 90_000_000), ("60m", 3_600_000_000),
            ("24h", 86_400_000_000), ("7d", 604_800_000_000), ("2w", 1_209_600_000_000),
            ("9223372036854775807us", .max),
        ] as [(String, Int64)])
    func parsing(text: String, microseconds: Int64) {
        #expect(EventDuration(parsing: text)?.microseconds == microseconds)
    }

    @Test(
        "everything else is refused",
        arguments: [
            "", "7", "d", "0d", "-1d", "+1d", "1.5h", "1h30m", " 1h", "1h ", "1 h", "1H", "1µs",
            "1min", "9223372036854775808us", "15250285w", "9223372036854775807w", "١h", "1\u{301}h",
        ])
    func refused(text: String) {
        #expect(EventDuration(parsing: text) == nil)
    }

    @Test("equal lengths have one spelling, in the greatest unit that divides them")
    func canonicalSpelling() {
        let spellings = ["60m": "1h", "90m": "90m", "7d": "1w", "1000us": "1ms", "48h": "2d"]
        for (text, canonical) in spellings {
            #expect(EventDuration(parsing: text)?.description == canonical)
        }
        #expect(EventDuration.zero.description == "0s")
        #expect(EventDuration.minutes(-60).description == "-1h")
    }

    @Test("the canonical spelling is read back")
    func roundTrip() {
        let seed: UInt64 = 13
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let shift = Int64.random(in: 0..<62, using: &generator)
            let length = EventDuration(
                microseconds: Int64.random(in: 1 ... .max, using: &generator) >> shift)
            guard length > .zero else { continue }
            #expect(EventDuration(parsing: length.description) == length, "seed \(seed)")
        }
    }
}

import TestSupport
import Testing
import Values

@testable import Jobs

private func micros(_ text: String, zone: ZoneTable? = nil) -> Int64? {
    guard case .value(let value) = parseTimestamp(Array(text.utf8).span, zone: zone) else {
        return nil
    }
    return value
}

@Suite("Times in text")
struct TimeTextTests {
    @Test("Zones, fractions and missing seconds are understood")
    func forms() {
        #expect(micros("1970-01-01T00:00:00Z") == 0)
        #expect(micros("1970-01-01 01:00+01:00") == 0)
        #expect(micros("1969-12-31T19:00:00-0500") == 0)
        #expect(micros("1969-12-31T23:59:59.9999999Z") == -1)
        #expect(micros("2013-01-31T10:00:00.25Z") == 1_359_626_400_250_000)
        #expect(micros("0001-01-01T00:00:00Z") == -62_135_596_800_000_000)
    }

    @Test(
        "Other forms and impossible dates are refused",
        arguments: [
            "2013-02-29T00:00:00Z", "2013-1-31T00:00:00Z", "2013-01-31", "2013-01-31T24:00:00Z",
            "2013-01-31T10:00:00 Z", "2013-01-31T10:00:00.Z", "", "2013-01-31T10:00:60Z",
        ])
    func refused(text: String) {
        #expect(micros(text) == nil)
    }

    @Test("A time without a zone is told apart from a malformed one")
    func zoneMissing() {
        guard case .zoneMissing = parseTimestamp(Array("2013-01-31T10:00".utf8).span, zone: nil)
        else {
            Issue.record("the missing zone was not noticed")
            return
        }
        #expect(micros("2013-01-31T10:00", zone: .utc) == 1_359_626_400_000_000)
    }

    @Test("A clock that goes back shows the earlier time first; skipped times use the old offset")
    func transitions() {
        let hour: Int64 = 3600
        let zone = ZoneTable(
            transitions: [100 * hour, 200 * hour], offsets: [-5 * hour, -4 * hour, -5 * hour])
        let micros: Int64 = 1_000_000
        #expect(zone.instant(ofLocal: 94 * hour * micros) == 99 * hour * micros)
        #expect(zone.instant(ofLocal: (95 * hour + 1800) * micros) == (100 * hour + 1800) * micros)
        #expect(zone.instant(ofLocal: 96 * hour * micros) == 100 * hour * micros)
        #expect(zone.instant(ofLocal: (195 * hour + 1800) * micros) == (199 * hour + 1800) * micros)
        #expect(zone.instant(ofLocal: 196 * hour * micros) == 201 * hour * micros)
    }

    @Test("The system's zones agree with Python's zoneinfo over four centuries")
    func systemZones() throws {
        let names = [
            "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata",
            "Africa/Casablanca", "America/Nuuk", "Europe/Dublin",
        ]
        let printed = try JudgeProcess.python("zone_instants.py", names)
        var zones: [Substring: ZoneTable] = [:]
        for name in names { zones[Substring(name)] = try .named(name) }
        var count = 0
        var wrong: [Substring] = []
        for line in printed.split(separator: "\n") {
            let words = line.split(separator: " ")
            let instant = Int64(words[1]).flatMap { zones[words[0]]?.instant(ofLocal: $0) }
            if instant != Int64(words[2]) { wrong.append(line) }
            count += 1
        }
        #expect(wrong.isEmpty)
        #expect(count > 10_000)
    }
}

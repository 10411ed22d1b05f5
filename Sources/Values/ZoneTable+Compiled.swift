extension ZoneTable {
    /// Reads a compiled zone (TZif, RFC 8536): its 64-bit part, and up to `lastYear` the changes
    /// that its closing rule implies. Nil when malformed.
    public init?(compiled bytes: [UInt8]) {
        var reader = CompiledZoneReader(bytes)
        guard let first = reader.header() else { return nil }
        if first.version > 0 {
            reader.skip(first.bodySize(timeSize: 4))
            guard let second = reader.header() else { return nil }
            self.init(&reader, second, timeSize: 8)
        } else {
            self.init(&reader, first, timeSize: 4)
        }
    }

    private init?(
        _ reader: inout CompiledZoneReader, _ header: CompiledZoneHeader, timeSize: Int
    ) {
        var transitions: [Int64] = []
        var types: [Int] = []
        for _ in 0..<header.timeCount {
            guard let time = reader.integer(timeSize) else { return nil }
            transitions.append(time)
        }
        for _ in 0..<header.timeCount {
            guard let type = reader.integer(1) else { return nil }
            types.append(Int(type))
        }
        var typeOffsets: [Int64] = []
        for _ in 0..<header.typeCount {
            guard let offset = reader.integer(4) else { return nil }
            typeOffsets.append(offset)
            reader.skip(2)
        }
        guard let first = typeOffsets.first, types.allSatisfy(typeOffsets.indices.contains) else {
            return nil
        }
        var offsets = [first] + types.map { typeOffsets[$0] }
        reader.skip(header.sizeAfterTypes(timeSize: timeSize))
        let text = timeSize == 8 ? reader.closingRule() : ""
        if text.contains(",") {
            guard let rule = ZoneRule(text) else { return nil }
            let last = transitions.last ?? 0
            let lastDay = EventTime(microseconds: last * 1_000_000).daysSinceEpoch
            for year in CivilDate(daysSinceEpoch: lastDay).year...Self.lastYear {
                for change in rule.transitions(in: year) where change.time > last {
                    transitions.append(change.time)
                    offsets.append(change.offset)
                }
            }
        }
        self.init(transitions: transitions, offsets: offsets)
    }

    /// Later times keep the offset of the end of this year.
    private static let lastYear: Int64 = 2400
}

private struct CompiledZoneHeader {
    let version: UInt8
    let isUTCount, isStandardCount, leapCount, timeCount, typeCount, textSize: Int

    func bodySize(timeSize: Int) -> Int {
        timeCount * (timeSize + 1) + typeCount * 6 + sizeAfterTypes(timeSize: timeSize)
    }

    func sizeAfterTypes(timeSize: Int) -> Int {
        textSize + leapCount * (timeSize + 4) + isStandardCount + isUTCount
    }
}

private struct CompiledZoneReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func skip(_ count: Int) { position += count }

    mutating func header() -> CompiledZoneHeader? {
        guard position + 44 <= bytes.count, bytes[position...].starts(with: "TZif".utf8) else {
            return nil
        }
        let version = bytes[position + 4]
        position += 20
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = integer(4), (0...65_536).contains(count) else { return nil }
            counts.append(Int(count))
        }
        return CompiledZoneHeader(
            version: version, isUTCount: counts[0], isStandardCount: counts[1],
            leapCount: counts[2], timeCount: counts[3], typeCount: counts[4], textSize: counts[5])
    }

    /// The text between the line feeds that close the file.
    mutating func closingRule() -> String {
        guard position < bytes.count else { return "" }
        let text = bytes[position...].drop { $0 == 0x0A }.prefix { $0 != 0x0A }
        return String(decoding: text, as: UTF8.self)
    }

    /// A signed big-endian integer of `size` bytes.
    mutating func integer(_ size: Int) -> Int64? {
        guard position >= 0, position + size <= bytes.count else { return nil }
        var value: Int64 = size > 1 && bytes[position] >= 0x80 ? -1 : 0
        for byte in bytes[position..<position + size] { value = value << 8 | Int64(byte) }
        position += size
        return value
    }
}

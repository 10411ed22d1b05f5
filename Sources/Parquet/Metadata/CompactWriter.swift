/// Writes Thrift's compact protocol.
struct CompactWriter {
    private(set) var bytes: [UInt8] = []
    private var lastID = 0

    mutating func int32(_ id: Int, _ value: Int32) {
        header(id, type: 5)
        zigzag(Int64(value))
    }

    mutating func int64(_ id: Int, _ value: Int64) {
        header(id, type: 6)
        zigzag(value)
    }

    mutating func int16(_ id: Int, _ value: Int16) {
        header(id, type: 4)
        zigzag(Int64(value))
    }

    mutating func bool(_ id: Int, _ value: Bool) { header(id, type: value ? 1 : 2) }

    mutating func string(_ id: Int, _ value: String) { binary(id, Array(value.utf8)) }

    mutating func binary(_ id: Int, _ value: [UInt8]) {
        header(id, type: 8)
        raw(value)
    }

    mutating func structure(_ id: Int, _ body: (inout CompactWriter) -> Void) {
        header(id, type: 12)
        element(body)
    }

    mutating func structures<Item>(
        _ id: Int, _ items: [Item], _ body: (inout CompactWriter, Item) -> Void
    ) {
        list(id, type: 12, count: items.count)
        for item in items { element { writer in body(&writer, item) } }
    }

    /// A list of `count` structs, each of which `body` writes with `element`.
    mutating func nodes(_ id: Int, count: Int, _ body: (inout CompactWriter) -> Void) {
        list(id, type: 12, count: count)
        body(&self)
    }

    mutating func int32s(_ id: Int, _ values: [Int32]) {
        list(id, type: 5, count: values.count)
        for value in values { zigzag(Int64(value)) }
    }

    mutating func strings(_ id: Int, _ values: [String]) {
        list(id, type: 8, count: values.count)
        for value in values { raw(Array(value.utf8)) }
    }

    /// The fields that `body` writes, ended as a struct.
    mutating func element(_ body: (inout CompactWriter) -> Void) {
        let outer = lastID
        lastID = 0
        body(&self)
        bytes.append(0)
        lastID = outer
    }

    private mutating func raw(_ value: [UInt8]) {
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func list(_ id: Int, type: UInt8, count: Int) {
        header(id, type: 9)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type)
        } else {
            bytes.append(0xf0 | type)
            varint(UInt64(count))
        }
    }

    private mutating func header(_ id: Int, type: UInt8) {
        let delta = id - lastID
        precondition(delta > 0 && delta < 16, "fields are written in ascending order")
        bytes.append(UInt8(delta) << 4 | type)
        lastID = id
    }

    private mutating func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Commands to be sent together, in the protocol's words: each an array of strings.
///
/// They are counted, for as many answers come back. Arguments are bytes, so no quoting exists that
/// could be wrong.
public struct RedisCommands: Sendable {
    /// The bytes to send.
    public private(set) var bytes: [UInt8] = []
    /// Where each command ends in `bytes`.
    private var ends: [Int] = []
    /// How many commands there are.
    public var count: Int { ends.count }

    /// Starts with none.
    public init() {}

    /// Appends a command of words and numbers.
    public mutating func append(_ words: String...) {
        begin(argumentCount: words.count)
        for word in words { append(argument: word.utf8) }
        end()
    }

    /// Appends a command with arguments of any bytes.
    public mutating func append(_ name: String, _ arguments: [[UInt8]]) {
        begin(argumentCount: arguments.count + 1)
        append(argument: name.utf8)
        for argument in arguments { append(argument: argument) }
        end()
    }

    /// Appends command `index` of `other`.
    mutating func append(_ index: Int, of other: RedisCommands) {
        let start = index == 0 ? 0 : other.ends[index - 1]
        bytes += other.bytes[start..<other.ends[index]]
        end()
    }

    /// Appends `SET key value`, the commonest of all, without making an array.
    public mutating func appendSet(_ key: [UInt8], _ value: [UInt8]) {
        begin(argumentCount: 3)
        append(argument: "SET".utf8)
        append(argument: key)
        append(argument: value)
        end()
    }

    /// Appends `MSET` of as many keys and values, and of one pair more behind them.
    public mutating func appendMSet(
        _ keys: [[UInt8]], _ values: [[UInt8]], last: (key: [UInt8], value: [UInt8])
    ) {
        precondition(keys.count == values.count, "each key has a value")
        begin(argumentCount: 2 * keys.count + 3)
        append(argument: "MSET".utf8)
        for (key, value) in zip(keys, values) {
            append(argument: key)
            append(argument: value)
        }
        append(argument: last.key)
        append(argument: last.value)
        end()
    }

    /// Forgets all commands but keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    private mutating func begin(argumentCount: Int) {
        bytes.append(UInt8(ascii: "*"))
        append(length: argumentCount)
    }

    private mutating func end() { ends.append(bytes.count) }

    private mutating func append(argument: some Collection<UInt8>) {
        bytes.append(UInt8(ascii: "$"))
        append(length: argument.count)
        bytes += argument
        endLine()
    }

    private mutating func append(length: Int) {
        if length < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(length))
        } else {
            bytes += String(length).utf8
        }
        endLine()
    }

    private mutating func endLine() {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}

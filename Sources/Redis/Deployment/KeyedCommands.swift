/// Commands of one key each, or of keys with one hash tag: a cluster sends each to the server that
/// has the key.
public struct KeyedCommands: Sendable {
    /// The commands.
    public private(set) var commands = RedisCommands()
    /// The slot of each command's keys.
    private(set) var slots: [Int] = []

    /// Starts with none.
    public init() {}

    /// How many there are.
    public var count: Int { commands.count }

    /// Appends a command about `key`, which may stand among the arguments anywhere.
    public mutating func append(_ name: String, about key: [UInt8], _ arguments: [[UInt8]]) {
        commands.append(name, arguments)
        slots.append(HashSlot.of(key))
    }

    /// Appends `SET key value`.
    public mutating func appendSet(_ key: [UInt8], _ value: [UInt8]) {
        commands.appendSet(key, value)
        slots.append(HashSlot.of(key))
    }

    /// Appends command `index` of `other`.
    mutating func append(_ index: Int, of other: KeyedCommands) {
        commands.append(index, of: other.commands)
        slots.append(other.slots[index])
    }

    /// Forgets all commands but keeps the memory.
    public mutating func removeAll() {
        commands.removeAll()
        slots.removeAll(keepingCapacity: true)
    }
}

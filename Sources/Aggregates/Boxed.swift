/// A value on the heap that is copied when it changes while it is shared.
///
/// States are large and move often (into dictionaries, arrays, enums); in a box they are a pointer.
struct Boxed<Value: Sendable>: Sendable {
    private var storage: Storage

    init(_ value: Value) { storage = Storage(value) }

    var value: Value { storage.value }

    /// Changes the value in place when nobody else holds it.
    @inline(__always)
    mutating func update(_ change: (inout Value) -> Void) {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
        change(&storage.value)
    }

    // SAFETY: the value changes only through `update`, while the box is the only reference to it;
    // so no two threads can meet there.
    private final class Storage: @unchecked Sendable {
        var value: Value
        init(_ value: Value) { self.value = value }
    }
}

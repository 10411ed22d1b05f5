import JSONParsing

/// Strings of bytes, one after the other; some may be missing.
///
/// Behind the last one there is room for what a JSON parser reads beyond its text, so that each is
/// parsed where it stands.
struct ByteStrings: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var missing: Set<Int> = []

    mutating func append(_ string: Span<UInt8>?) {
        if let string {
            let needed = bytes.count + string.count + SimdjsonParser.padding
            if bytes.capacity < needed { bytes.reserveCapacity(max(needed, 2 * bytes.capacity)) }
            unsafe string.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        } else {
            missing.insert(ends.count)
        }
        ends.append(bytes.count)
    }

    subscript(index: Int) -> ArraySlice<UInt8>? {
        missing.contains(index) ? nil : bytes[range(at: index)]
    }

    /// Calls `body` with string `index`, behind which `SimdjsonParser.padding` bytes can be read;
    /// nil when it is missing.
    func withPaddedBytes<Value>(
        at index: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Value
    ) -> Value {
        if !missing.isEmpty, missing.contains(index) { return body(nil) }
        precondition(
            bytes.capacity >= bytes.count + SimdjsonParser.padding, "there is no room behind")
        let range = range(at: index)
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe body(UnsafeBufferPointer(rebasing: bytes[range]))
        }
    }

    private func range(at index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }
}

/// A parsed JSON document: simdjson's tape, read in place.
///
/// Each word holds its kind in the upper 8 bits and a payload in the others. A number has its bits
/// in the next word; a string's payload is where its length (32 bits) and bytes stand; the payload
/// of an opening bracket has, in its lower 32 bits, the position behind the closing one.
/// The tape comes from the parser, never from the network, so its positions are trusted.
@safe
package struct JSONTape {
    package enum Kind {
        case null, bool(Bool), integer(Int64), unsigned(UInt64), double(Double), string, array
        case object
        /// The end of an array, an object or the document.
        case end
    }

    @usableFromInline let words: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>

    init(words: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>) {
        unsafe self.words = words
        unsafe self.strings = strings
    }

    /// The position of the document's one value.
    @inlinable package var root: Int { 1 }

    @inlinable
    package func kind(at position: Int) -> Kind {
        switch UInt8(truncatingIfNeeded: unsafe words[position] >> 56) {
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "t"): .bool(true)
        case UInt8(ascii: "f"): .bool(false)
        case UInt8(ascii: "l"): .integer(Int64(bitPattern: unsafe words[position + 1]))
        case UInt8(ascii: "u"): .unsigned(unsafe words[position + 1])
        case UInt8(ascii: "d"): .double(Double(bitPattern: unsafe words[position + 1]))
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "{"): .object
        default: .end
        }
    }

    /// The position behind the value at `position`.
    @inlinable
    package func next(after position: Int) -> Int {
        switch kind(at: position) {
        case .integer, .unsigned, .double: position + 2
        case .array, .object: Int(UInt32(truncatingIfNeeded: unsafe words[position]))
        case .null, .bool, .string, .end: position + 1
        }
    }

    /// The string at `position`, which must be one.
    package func string(at position: Int) -> String {
        unsafe withString(at: position) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Calls `body` with the UTF-8 bytes of the string at `position`, which must be one; they must
    /// not escape.
    @inlinable
    package func withString<Result>(
        at position: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        let start = Int(unsafe words[position] & 0x00FF_FFFF_FFFF_FFFF)
        let length = unsafe UnsafeRawPointer(strings + start).loadUnaligned(as: UInt32.self)
        return unsafe body(UnsafeBufferPointer(start: strings + start + 4, count: Int(length)))
    }

    /// Calls `body` with the position of each element of the array at `position`.
    package func forEachElement<Failure: Error>(
        of position: Int, _ body: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        let end = next(after: position) - 1
        var element = position + 1
        while element < end {
            try body(element)
            element = next(after: element)
        }
    }

    /// Calls `body` with the name and the value's position of each member of the object.
    package func forEachMember<Failure: Error>(
        of position: Int, _ body: (String, Int) throws(Failure) -> Void
    ) throws(Failure) {
        try forEachMemberName(of: position) { name throws(Failure) in
            try body(string(at: name), name + 1)
        }
    }

    /// Calls `body` with the position of each member's name, behind which its value stands.
    @inlinable
    package func forEachMemberName<Failure: Error>(
        of position: Int, _ body: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        let end = next(after: position) - 1
        var name = position + 1
        while name < end {
            try body(name)
            name = next(after: name + 1)
        }
    }
}

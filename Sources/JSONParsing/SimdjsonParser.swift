import CSimdjson

/// A reusable JSON parser of one thread: validates everything, then hands out the document.
@safe
package final class SimdjsonParser {
    /// Why a text is no JSON.
    package struct Failure: Error {
        package let message: String
    }

    private let handle: OpaquePointer?

    package init() {
        unsafe handle = roost_json_parser_create()
    }

    deinit { unsafe roost_json_parser_destroy(handle) }

    /// Parses `text` and calls `use` with the document, which must not outlive the call.
    ///
    /// - Throws: `Failure` for a text that is no JSON, or what `use` throws.
    package func parse<Value>(
        _ text: inout [UInt8], _ use: (JSONTape) throws -> Value
    ) throws -> Value {
        text.reserveCapacity(text.count + Self.padding)
        return try unsafe text.withUnsafeBufferPointer { bytes in
            try unsafe parse(padded: bytes) { document in try use(document.get()) }
        }
    }

    /// How many bytes behind a text must be readable for `parse(padded:_:)`, whatever they are.
    package static let padding = roost_json_padding()

    /// Parses `text`, behind which `padding` bytes can be read, where it stands, and calls `use`
    /// with the document, which must not outlive the call, or with why it is none.
    package func parse<Value, Problem: Error>(
        padded text: UnsafeBufferPointer<UInt8>,
        _ use: (Result<JSONTape, Failure>) throws(Problem) -> Value
    ) throws(Problem) -> Value {
        guard let handle = unsafe handle else {
            return try use(.failure(Failure(message: "there is no memory left")))
        }
        guard let start = text.baseAddress, text.count > 0 else {
            return try use(.failure(Failure(message: "the text is empty")))
        }
        var tape: UnsafePointer<UInt64>?
        var strings: UnsafePointer<UInt8>?
        let code = unsafe roost_json_parse(handle, start, text.count, &tape, &strings)
        guard code == 0, let tape = unsafe tape, let strings = unsafe strings else {
            let message = unsafe String(cString: roost_json_error(code))
            return try use(.failure(Failure(message: message)))
        }
        return try use(.success(unsafe JSONTape(words: tape, strings: strings)))
    }
}

/// Appends the shortest text that reads as `value`, which must be finite, with a point or an
/// exponent so that it stays a floating-point number.
package func appendShortest(_ value: Double, to text: inout [UInt8]) {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
        guard let start = buffer.baseAddress else { return }
        let count = unsafe roost_json_write_double(value, start)
        unsafe text.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }
}

import JSONParsing

/// Writes arrays of which neighbours are often the same: copying the text of the last one costs less
/// than writing it again. Arrays that share their memory compare in no time.
struct RepeatedArray<Element: Equatable> {
    private var elements: [Element] = []
    private var text: [UInt8] = []

    /// Writes `array`, each element by `writeElement`.
    mutating func write(
        _ array: [Element], to json: inout JSONText,
        _ writeElement: (inout JSONText, Element) -> Void
    ) {
        if !text.isEmpty, array == elements { return json.copy(text) }
        json.open("[")
        let start = json.bytes.count - 1
        for element in array { writeElement(&json, element) }
        json.close("]")
        elements = array
        text = Array(json.bytes[start...])
    }
}

/// How CSV text becomes values.
public struct CSVOptions: Hashable, Sendable {
    /// An unquoted field that equals one of these is null. So is a quoted one, unless the column
    /// is a string or bytes: there quotes mean that the text itself is meant.
    public var nullTexts: [String]

    /// Makes options; R's `NA` and the empty field are null unless told otherwise.
    public init(nullTexts: [String] = ["NA", ""]) {
        self.nullTexts = nullTexts
    }
}

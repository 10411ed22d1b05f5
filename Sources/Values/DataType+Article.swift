extension DataType {
    /// The type with its article, as in `an int64`.
    public var withArticle: String {
        isInteger ? "an \(self)" : "a \(self)"
    }
}

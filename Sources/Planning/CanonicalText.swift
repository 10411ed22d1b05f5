/// The text that a digest is taken of: named parts, each with its length, so that no value can
/// pass for another part.
struct CanonicalText {
    private(set) var text: String

    /// Starts with what is described and the version of its description.
    init(_ kind: String, version: Int) {
        text = "roost \(kind) \(version)\n"
    }

    /// Appends a part.
    mutating func add(_ name: String, _ value: String) {
        text += "\(name) \(value.utf8.count) \(value)\n"
    }
}

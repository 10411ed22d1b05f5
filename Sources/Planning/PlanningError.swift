import Values

/// What cannot be found in a plan.
public struct PlanningError: Error, Hashable, Sendable {
    /// The kinds of errors; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The plan has nothing of this name.
        public static let unknownName = Code(name: "unknown_name")
    }

    /// The kind of error.
    public var code: Code
    /// What is wrong, with the value that is wrong.
    public var message: String
    /// What to write instead.
    public var hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    static func unknown(_ kind: String, _ name: String, among known: [String]) -> PlanningError {
        PlanningError(
            .unknownName, "unknown \(kind) `\(name)`", hint: remedy(for: name, among: known))
    }
}

/// The hint for a name that is not among `known`: the nearest one, or all of them if few.
func remedy(for name: String, among known: [String]) -> String? {
    if let nearest = nearestName(to: name, among: known) { return "did you mean `\(nearest)`?" }
    guard !known.isEmpty else { return nil }
    let shown = known.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return "known are \(shown)\(known.count > 12 ? ", ..." : "")"
}

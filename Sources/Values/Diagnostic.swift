/// One thing that is wrong in a definition, with its place and its remedy.
public struct Diagnostic: Error, Hashable, Sendable {
    /// Where it is.
    public var location: SourceLocation
    /// What is wrong, with the value that is wrong, and what was expected.
    public var message: String
    /// What to write instead, for example the nearest valid name; nil when there is no guess.
    public var hint: String?
    /// How many characters the caret line underlines.
    public var length: Int

    /// Makes a diagnostic.
    public init(
        _ message: String, at location: SourceLocation, hint: String? = nil, length: Int = 1
    ) {
        self.location = location
        self.message = message
        self.hint = hint
        self.length = length
    }
}

/// All that is wrong in one set of definitions, in the order of the places.
public struct Diagnostics: Error, Hashable, Sendable {
    /// The diagnostics found so far.
    public private(set) var all: [Diagnostic] = []

    /// Starts with none.
    public init(_ all: [Diagnostic] = []) {
        self.all = all
    }

    /// Whether nothing is wrong.
    public var isEmpty: Bool { all.isEmpty }

    /// Adds one.
    public mutating func report(_ diagnostic: Diagnostic) { all.append(diagnostic) }

    /// Runs `work`, keeping what it throws as a diagnostic.
    ///
    /// - Returns: what `work` returns, or nil when it threw.
    public mutating func collect<Value>(
        _ work: () throws(Diagnostic) -> Value
    ) -> Value? {
        do {
            return try work()
        } catch {
            all.append(error)
            return nil
        }
    }
}

public import Values

/// What names mean: maps a path to a column of the batch and its type.
public struct Scope: Sendable {
    enum Meaning: Sendable {
        case column(String, DataType)
        case ambiguous([String])
    }

    private var meanings: [[String]: Meaning] = [:]
    /// What the names of time zones mean.
    let zones: ZoneCatalog

    /// Every field under its own name.
    public init(_ fields: [Field] = [], zones: ZoneCatalog = .fixedOffsets) {
        self.zones = zones
        for field in fields { add(path: [field.name], column: field.name, type: field.type) }
    }

    /// Lets `path` mean the batch's `column`; an earlier meaning of the path is replaced.
    public mutating func add(path: [String], column: String, type: DataType) {
        meanings[path] = .column(column, type)
    }

    /// Makes the use of `path` an error that lists `fullNames`, one of which was meant.
    public mutating func markAmbiguous(path: [String], fullNames: [String]) {
        meanings[path] = .ambiguous(fullNames)
    }

    /// Whether `path` means a column.
    public func contains(path: [String]) -> Bool {
        if case .column = meanings[path] { true } else { false }
    }

    /// The column that `reference` means.
    ///
    /// - Throws: a diagnostic with the nearest name, or with the full names of an ambiguous one.
    public func resolve(
        _ reference: NameReference
    ) throws(Diagnostic) -> (column: String, type: DataType) {
        let written = reference.path.joined(separator: ".")
        switch meanings[reference.path] {
        case .column(let column, let type): return (column, type)
        case .ambiguous(let fullNames):
            throw Diagnostic(
                "`\(written)` is ambiguous", at: reference.location,
                hint: "write one of \(fullNames.map { "`\($0)`" }.joined(separator: ", "))",
                length: reference.length)
        case nil:
            throw Diagnostic(
                "unknown column `\(written)`", at: reference.location, hint: hint(for: written),
                length: reference.length)
        }
    }

    private func hint(for written: String) -> String? {
        let known = meanings.keys.map { $0.joined(separator: ".") }.sorted()
        if let nearest = nearestName(to: written, among: known) {
            return "did you mean `\(nearest)`?"
        }
        if known.isEmpty { return "no column can be used here" }
        let shown = known.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
        return "known are \(shown)\(known.count > 12 ? ", ..." : "")"
    }
}

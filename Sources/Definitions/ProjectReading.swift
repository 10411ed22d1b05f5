public import Values

/// What could be read of a project, and what is wrong with the rest.
///
/// One mistake must not hide another: what was read is compiled although something was not, and
/// `gaps` tells the compiler about what it had better be silent.
public struct ProjectReading: Sendable {
    /// What could be read.
    public var project: ProjectDefinition
    /// What could not, and why.
    public var diagnostics: Diagnostics
    /// Where something is missing from `project`.
    public var gaps: DefinitionGaps

    /// Puts a reading together.
    public init(
        _ project: ProjectDefinition, diagnostics: Diagnostics = Diagnostics(),
        gaps: DefinitionGaps = DefinitionGaps()
    ) {
        self.project = project
        self.diagnostics = diagnostics
        self.gaps = gaps
    }

    /// The project, when nothing is wrong with it as text.
    ///
    /// - Throws: everything that could not be read.
    public func complete() throws(Diagnostics) -> ProjectDefinition {
        guard diagnostics.isEmpty else { throw diagnostics }
        return project
    }
}

/// Definitions that could be read only in part or not at all.
public struct DefinitionGaps: Hashable, Sendable {
    /// What a definition is.
    public enum Kind: Hashable, CaseIterable, Sendable {
        case entity
        case source
        case view
        case service
    }

    private var names: [Kind: Set<String>] = [:]
    private var unnamed: Set<Kind> = []

    /// Starts without a gap.
    public init() {}

    /// Notes a definition that misses a part; nil when not even its name could be read.
    public mutating func add(_ kind: Kind, named name: String?) {
        if let name {
            names[kind, default: []].insert(name)
        } else {
            unnamed.insert(kind)
        }
    }

    /// Takes over the gaps of another file.
    public mutating func merge(_ other: DefinitionGaps) {
        names.merge(other.names) { $0.union($1) }
        unnamed.formUnion(other.unnamed)
    }

    /// The names of the definitions of this kind that miss a part.
    public func names(of kind: Kind) -> Set<String> { names[kind] ?? [] }

    /// Whether there may be definitions of this kind of which not even the name is known.
    public func hasUnnamed(_ kind: Kind) -> Bool { unnamed.contains(kind) }
}

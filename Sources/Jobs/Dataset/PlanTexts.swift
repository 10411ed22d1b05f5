import Expressions
import Planning
import Values

extension ComputedColumn {
    /// The expression, normalised.
    var canonicalText: String { expression.canonicalText }
}

extension SpinePlan {
    /// The filter, normalised; nil when there is none.
    var filterText: String? { filter?.canonicalText }
}

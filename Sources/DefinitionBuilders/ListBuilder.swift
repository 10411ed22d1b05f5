/// Collects what stands in braces; `if` and `for` are allowed.
@resultBuilder
public enum ListBuilder<Element> {
    /// One element.
    public static func buildExpression(_ element: Element) -> [Element] { [element] }

    /// Elements that were put together elsewhere.
    public static func buildExpression(_ elements: [Element]) -> [Element] { elements }

    /// All elements in their order.
    public static func buildBlock(_ parts: [Element]...) -> [Element] { parts.flatMap { $0 } }

    /// The elements of an `if` without `else`.
    public static func buildOptional(_ part: [Element]?) -> [Element] { part ?? [] }

    /// The elements of an `if`.
    public static func buildEither(first part: [Element]) -> [Element] { part }

    /// The elements of an `else`.
    public static func buildEither(second part: [Element]) -> [Element] { part }

    /// The elements of a `for`.
    public static func buildArray(_ parts: [[Element]]) -> [Element] { parts.flatMap { $0 } }
}

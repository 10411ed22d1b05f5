public import Values

/// A checked expression.
///
/// It names the batch's columns, so one expression runs on any batch that has them.
public struct TypedExpression: Hashable, Sendable {
    indirect enum Node: Hashable, Sendable {
        case literal(Scalar)
        /// The zone that an argument names.
        case zone(Zone)
        case column(String)
        /// The operand as the wider type of the expression; has no spelling.
        case widened(TypedExpression)
        /// An overload of a function of the table, with arguments of exactly its types.
        case call(String, overload: Int, [TypedExpression])
        /// A form that does not need all operands of a row.
        case form(Form, [TypedExpression])
        case cast(TypedExpression)
    }

    enum Form: String, Hashable, Sendable {
        case and, or
        case isNull = "is null"
        case isNotNull = "is not null"
        case conditional = "if"
        case coalesce
        /// Conditions, each with its result, and the result of everything else if there is one.
        case searchedCase = "case"
        /// As `searchedCase`, behind the value that the conditions are compared with.
        case simpleCase = "case x"
        case between, `in`
        case nullIf = "nullif"
        case least, greatest, concat
        case list = "[]"
    }

    /// A time zone under the name that the expression gives it, which is its identity.
    struct Zone: Hashable, Sendable {
        let name: String
        let table: ZoneTable

        static func == (left: Zone, right: Zone) -> Bool { left.name == right.name }
        func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// The type of the values; `null` for an expression that can only be null.
    public let type: DataType
    let node: Node

    init(_ node: Node, _ type: DataType) {
        self.node = node
        self.type = type
    }

    /// The column `name` itself.
    public static func column(_ name: String, _ type: DataType) -> TypedExpression {
        TypedExpression(.column(name), type)
    }

    /// The names of the batch's columns that it needs: distinct, in order of first use.
    public var referencedColumns: [String] {
        var names: [String] = []
        appendColumns(to: &names)
        return names
    }

    private func appendColumns(to names: inout [String]) {
        if case .column(let name) = node, !names.contains(name) { names.append(name) }
        for operand in operands { operand.appendColumns(to: &names) }
    }

    private var operands: [TypedExpression] {
        switch node {
        case .literal, .column, .zone: []
        case .widened(let operand), .cast(let operand): [operand]
        case .call(_, _, let arguments), .form(_, let arguments): arguments
        }
    }

    /// The same values as `wider`, which the type must widen to or be coerced to.
    func widened(to wider: DataType) -> TypedExpression {
        if type == wider { return self }
        if node == .literal(.null) { return TypedExpression(node, wider) }
        return TypedExpression(.widened(self), wider)
    }
}

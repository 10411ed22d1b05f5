import Values

/// An operator or function: its name and what it does for which types.
///
/// One entry of `FunctionTable` is all that a function needs; the parser, the checker, the
/// canonical text and the evaluator know nothing else about it.
struct Function: Sendable {
    /// How it is written.
    let name: String
    /// Tried in this order; the first whose parameters the arguments can be widened to is taken.
    let overloads: [Overload]

    init(_ name: String, _ overloads: [Overload]) {
        self.name = name
        self.overloads = overloads
    }
}

/// What a function does for one list of parameter types.
///
/// It is strict: null when any argument is. The kernel sees the values only, and reports faults.
struct Overload: Sendable {
    typealias Kernel = @Sendable (inout Invocation) -> Lanes

    let parameters: [DataType]
    let result: DataType
    let kernel: Kernel

    init(_ parameters: [DataType], _ result: DataType, _ kernel: @escaping Kernel) {
        self.parameters = parameters
        self.result = result
        self.kernel = kernel
    }

    func accepts(_ arguments: [DataType]) -> Bool {
        parameters.count == arguments.count
            && zip(arguments, parameters).allSatisfy { $0.coerces(to: $1) }
    }
}

extension DataType {
    /// Whether an operand of this type is converted to `wider` without being asked.
    ///
    /// Beyond widening, mixed numbers are compared and calculated as doubles.
    func coerces(to wider: DataType) -> Bool {
        self == .null || widens(to: wider) || (isNumeric && wider == .double)
    }

    /// The type of `if` and `coalesce` over operands of these types; nil when there is none.
    static func common(_ left: DataType, _ right: DataType) -> DataType? {
        if left == .null || left == right { return right }
        if right == .null { return left }
        if left.isInteger, right.isInteger { return .int64 }
        return left.isNumeric && right.isNumeric ? .double : nil
    }
}

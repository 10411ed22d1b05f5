import Values

/// An operator or function: its name and what it does for which types.
///
/// One entry of `FunctionTable` is all that a function needs; the parser, the checker, the
/// canonical text and both evaluators know nothing else about it.
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

/// What a function does for one list of parameters.
///
/// It is strict: null when any argument is.
struct Overload: Sendable {
    let parameters: [Parameter]
    let result: DataType
    /// Gives the kernel over the arguments that are no constants.
    let kernel: @Sendable ([Constant]) -> Kernel

    init(_ parameters: [DataType], _ result: DataType, _ kernel: Kernel) {
        self.parameters = parameters.map { .value($0) }
        self.result = result
        self.kernel = { _ in kernel }
    }

    /// A function of which some arguments are written out and known before any row is.
    init(
        _ parameters: [Parameter], _ result: DataType,
        preparing kernel: @escaping @Sendable ([Constant]) -> Kernel
    ) {
        self.parameters = parameters
        self.result = result
        self.kernel = kernel
    }

    func accepts(_ arguments: [DataType]) -> Bool {
        parameters.count == arguments.count
            && zip(arguments, parameters).allSatisfy { $1.accepts($0) }
    }
}

/// What an argument must be.
enum Parameter: Sendable {
    /// Any expression of the type.
    case value(DataType)
    /// One of the words, written out as a text.
    case word([String])
    /// The name of a time zone, written out as a text.
    case zone
    /// Numbers that ascend, written out in brackets.
    case edges
    /// A single character, written out as a text.
    case character
    /// A list of any type.
    case anyList
    /// A decimal of any size, of the same scale as the other one where that matters.
    case decimal

    func accepts(_ type: DataType) -> Bool {
        switch self {
        case .value(let parameter): type.coerces(to: parameter)
        case .word, .zone, .character: type == .string
        case .edges:
            if case .list(let element) = type { element.isNumeric } else { false }
        case .anyList: type.element != nil
        case .decimal: type.isDecimal
        }
    }

    /// Whether the argument must be written out.
    var isConstant: Bool {
        switch self {
        case .value, .anyList, .decimal: false
        case .word, .zone, .edges, .character: true
        }
    }
}

/// An argument that is known before any row is.
enum Constant: Sendable {
    case word(String)
    case zone(ZoneTable)
    case edges([Double])
    case character(UInt8)
}

extension DataType {
    /// Whether an operand of this type is converted to `wider` without being asked.
    ///
    /// Beyond widening, mixed numbers are compared and calculated as doubles, but for decimals and
    /// integers among themselves, and a vector is a list.
    func coerces(to wider: DataType) -> Bool {
        if case .vector = self, wider == .list(.float) { return true }
        return self == .null || widens(to: wider) || ((isNumeric || isDecimal) && wider == .double)
    }

    /// The type of `if` and `coalesce` over operands of these types; nil when there is none.
    static func common(_ left: DataType, _ right: DataType) -> DataType? {
        if left == .null || left == right { return right }
        if right == .null { return left }
        if left.isInteger, right.isInteger { return .int64 }
        if left.isDecimal || right.isDecimal, let exact = union(left, right) { return exact }
        let areNumbers = [left, right].allSatisfy { $0.isNumeric || $0.isDecimal }
        return areNumbers && (left.isFloatingPoint || right.isFloatingPoint) ? .double : nil
    }
}

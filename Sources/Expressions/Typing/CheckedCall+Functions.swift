import Values

extension CheckedCall {
    /// The call of a function of the table.
    func function() throws(Diagnostic) -> TypedExpression {
        guard let function = FunctionTable.functions[name] else { throw unknownFunction() }
        if let call = try decimalCall(function) { return call }
        let types = arguments.map(\.type)
        guard let index = function.overloads.firstIndex(where: { $0.accepts(types) }) else {
            throw mismatch(function, types)
        }
        let overload = function.overloads[index]
        var checked: [TypedExpression] = []
        for (position, parameter) in overload.parameters.enumerated() {
            checked.append(try argument(position, as: parameter))
        }
        return TypedExpression(.call(name, overload: index, checked), overload.result)
    }

    private func argument(
        _ position: Int, as parameter: Parameter
    ) throws(Diagnostic) -> TypedExpression {
        let argument = arguments[position]
        switch parameter {
        case .value(let type): return argument.widened(to: type)
        case .anyList, .decimal: return argument
        case .word(let words):
            let given = try text(of: position, "the unit of `\(name)`", example: words[0])
            guard words.contains(given) else {
                let guess = nearestName(to: given, among: words).map { "did you mean '\($0)'?" }
                throw failure(
                    "'\(given)' is no unit of `\(name)`", argument: position,
                    hint: guess ?? "the units are \(words.joined(separator: ", "))")
            }
            return argument
        case .zone: return try zone(position)
        case .character:
            let given = try text(of: position, "the character after `escape`", example: "!")
            guard given.utf8.count == 1 else {
                throw failure(
                    "`escape` takes one ASCII character", argument: position,
                    hint: "write `like '50!%' escape '!'`")
            }
            return argument
        case .edges: return try edges(position)
        }
    }

    /// An argument that must be written out as a text.
    private func text(
        of position: Int, _ what: String, example: String
    ) throws(Diagnostic) -> String {
        guard case .literal(.string(let text)) = arguments[position].node else {
            throw failure(
                "\(what) must be written out", argument: position,
                hint: "it is a text in single quotes, such as '\(example)'")
        }
        return text
    }

    private func zone(_ position: Int) throws(Diagnostic) -> TypedExpression {
        let name = try text(of: position, "the time zone", example: "America/New_York")
        let table: ZoneTable
        do throws(ZoneCatalog.Unknown) {
            table = try zones.zone(named: name)
        } catch {
            throw failure(
                "there is no time zone '\(name)'", argument: position, hint: error.hint)
        }
        return TypedExpression(.zone(TypedExpression.Zone(name: name, table: table)), .string)
    }

    private func edges(_ position: Int) throws(Diagnostic) -> TypedExpression {
        let argument = arguments[position]
        guard case .edges(let edges)? = Constant(argument, .edges) else {
            throw failure(
                "the edges of `\(name)` must be written out", argument: position,
                hint: "write numbers in brackets: \(name)(x, [0, 10, 100])")
        }
        guard zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw failure(
                "the edges of `\(name)` must ascend", argument: position,
                hint: "write each number once, the least first")
        }
        return argument
    }
}

extension CheckedCall {
    private func unknownFunction() -> Diagnostic {
        if let known = Self.otherNames[name] {
            return failure("unknown function `\(name)`", hint: "write `\(known)`")
        }
        let nearest = nearestName(to: name, among: FunctionTable.callableNames)
        return failure(
            "unknown function `\(name)`",
            hint: nearest.map { "did you mean `\($0)`?" }
                ?? "docs/expressions.md lists all functions")
    }

    /// What functions of other languages are called here.
    private static let otherNames = [
        "ceiling": "ceil(x)", "len": "length(x), or list_length(x)", "log": "ln(x), or log10(x)",
        "power": "pow(x, y)", "ifnull": "coalesce(x, y)", "nvl": "coalesce(x, y)",
        "isnull": "x is null", "substring": "substr(x, start, length)", "lcase": "lower(x)",
        "ucase": "upper(x)", "char_length": "length(x)", "mod": "x % y", "dow": "day_of_week(t)",
        "dayofweek": "day_of_week(t)", "isodow": "day_of_week(t)", "doy": "day_of_year(t)",
        "date_part": "hour(t), day(t), ...", "extract": "hour(t), day(t), ...",
        "to_timestamp": "timestamp '1970-01-01T00:00:00Z' + seconds(x)",
        "iif": "if(c, a, b)", "date": "cast(t as date), or local_date(t, zone)",
        "cosine_similarity": "cosine(a, b)", "dot_product": "dot(a, b)",
        "array_length": "list_length(x)", "isnan": "is_nan(x)", "arctan2": "atan2(y, x)",
    ]

    private func mismatch(_ function: Function, _ types: [DataType]) -> Diagnostic {
        let counts = Set(function.overloads.map(\.parameters.count)).sorted()
        guard counts.contains(types.count) else {
            let numbers = counts.map(String.init).joined(separator: " or ")
            return failure(
                "`\(name)` takes \(numbers) argument\(counts == [1] ? "" : "s"), "
                    + "\(types.count) given",
                hint: "write \(signatures(function, among: counts))")
        }
        let sign = name == FormName.negation ? "-" : name
        let given = types.map(\.description).joined(separator: " and ")
        return failure("`\(sign)` is not defined for \(given)", hint: remedy(function, types))
    }

    /// One call of every number of arguments; x stands where several types can.
    private func signatures(_ function: Function, among counts: [Int]) -> String {
        let shapes = counts.map { count in
            let overloads = function.overloads.filter { $0.parameters.count == count }
            let parameters = (0..<count).map { position in
                let types = Set(overloads.map { $0.parameters[position].description })
                return types.count == 1 ? types.first ?? "x" : "x"
            }
            return "\(name)(\(parameters.joined(separator: ", ")))"
        }
        return shapes.joined(separator: " or ")
    }

    private func remedy(_ function: Function, _ types: [DataType]) -> String {
        if ["//", "%"].contains(name), types.allSatisfy({ $0.isNumeric || $0.isDecimal }) {
            return "`\(name)` takes integers: cast(x as int64), or divide doubles with `/`"
        }
        if name == FormName.like { return "`like` compares strings" }
        if name == "+", types == [.string, .string] { return "`||` joins strings" }
        if name == "||" {
            return types.contains(.bool)
                ? "`||` joins strings; write `or`" : "`||` joins strings: cast(x as string)"
        }
        if types.contains(.timestamp), types.contains(where: \.isNumeric) {
            return "say which unit the number has: seconds(x), minutes(x), hours(x), days(x)"
        }
        if types.contains(.timestamp), types.contains(.string), types.count == 2 {
            return "a point in time is written timestamp '2024-01-31T10:00:00Z'"
        }
        if types.contains(.duration), types.contains(where: \.isNumeric) {
            return "a duration over a duration is a number: x / minutes(1)"
        }
        if types.count == 2, let cast = Cast.suggestion(from: types[0], to: types[1]) {
            return cast
        }
        if ["dot", "cosine"].contains(name) { return "it takes two lists of numbers" }
        let accepted = function.overloads.filter { $0.parameters.count == types.count }.map {
            $0.parameters.map(\.description).joined(separator: " and ")
        }
        return "it takes \(accepted.joined(separator: ", or "))"
    }
}

extension Parameter: CustomStringConvertible {
    var description: String {
        switch self {
        case .value(let type): type.description
        case .word: "'unit'"
        case .zone: "'zone'"
        case .edges: "[edges]"
        case .character: "'character'"
        case .anyList: "list"
        case .decimal: "decimal"
        }
    }
}

extension Constant {
    /// The value of an argument that must be known before any row is; nil for any other one.
    init?(_ argument: TypedExpression, _ parameter: Parameter) {
        switch (parameter, argument.node) {
        case (.word, .literal(.string(let text))): self = .word(text)
        case (.zone, .zone(let zone)): self = .zone(zone.table)
        case (.character, .literal(.string(let text))):
            guard let byte = text.utf8.first else { return nil }
            self = .character(byte)
        case (.edges, .form(.list, let items)):
            var edges: [Double] = []
            for item in items {
                guard let edge = item.writtenNumber else { return nil }
                edges.append(edge)
            }
            self = .edges(edges)
        default: return nil
        }
    }
}

extension TypedExpression {
    /// The number that a literal is.
    fileprivate var writtenNumber: Double? {
        switch node {
        case .literal(.integer(let value)): Double(value)
        case .literal(.double(let value)): value
        case .widened(let operand): operand.writtenNumber
        default: nil
        }
    }
}

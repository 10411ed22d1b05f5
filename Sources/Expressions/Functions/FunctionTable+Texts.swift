import Values

extension FunctionTable {
    static let texts: [Function] = [
        Function(
            "||",
            [
                Overload(
                    [.string, .string], .string,
                    .text { (a: Text, b: Text, text) in
                        text.append(a)
                        text.append(b)
                        return .none
                    })
            ]),
        Function("lower", [Overload([.string], .string, .text(lowercase))]),
        Function("upper", [Overload([.string], .string, .text(uppercase))]),
        Function("trim", [Overload([.string], .string, .text { trim($0, true, true, &$1) })]),
        Function("ltrim", [Overload([.string], .string, .text { trim($0, true, false, &$1) })]),
        Function("rtrim", [Overload([.string], .string, .text { trim($0, false, true, &$1) })]),
        Function("reverse", [Overload([.string], .string, .text(reverse))]),
        Function(
            "length", [Overload([.string], .int64, .map { (a: Text) in Int64(a.scalarCount) })]),
        predicate("starts_with") { $0.hasPrefix($1) },
        predicate("ends_with") { $0.hasSuffix($1) },
        predicate("contains") { $0.firstIndex(of: $1) != nil },
        Function(
            "strpos",
            [
                Overload(
                    [.string, .string], .int64,
                    .map { (a: Text, b: Text) -> Int64 in
                        guard let index = a.firstIndex(of: b) else { return 0 }
                        return Int64(a[0..<index].scalarCount) + 1
                    })
            ]),
        Function(
            FormName.like,
            [
                Overload(
                    [.string, .string], .bool,
                    .checked { (text: Text, pattern: Text) in
                        LikePattern(pattern, escape: nil).match(text)
                    }),
                Overload([.value(.string), .value(.string), .character], .bool) { constants in
                    guard case .character(let escape) = constants[0] else { mismatch() }
                    return .checked { (text: Text, pattern: Text) in
                        LikePattern(pattern, escape: escape).match(text)
                    }
                },
            ]),
    ]

    static let textParts: [Function] = [
        Function(
            "substr",
            [
                Overload(
                    [.string, .int64], .string, .text { substring($0, $1, nil, &$2) }),
                Overload(
                    [.string, .int64, .int64], .string,
                    .text { (a: Text, start: Int64, length: Int64, text) in
                        substring(a, start, length, &text)
                    }),
            ]),
        Function("left", [Overload([.string, .int64], .string, .text(leftPart))]),
        Function("right", [Overload([.string, .int64], .string, .text(rightPart))]),
        Function(
            "replace", [Overload([.string, .string, .string], .string, .text(replace))]),
        Function(
            "split_part", [Overload([.string, .string, .int64], .string, .text(splitPart))]),
    ]

    private static func predicate(
        _ name: String, _ holds: @escaping @Sendable (Text, Text) -> Bool
    ) -> Function {
        Function(
            name,
            [Overload([.string, .string], .bool, .map { (a: Text, b: Text) in holds(a, b) })])
    }
}

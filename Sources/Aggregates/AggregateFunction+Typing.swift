public import Values

extension AggregateFunction {
    /// The type of the feature over an argument of type `input`; nil stands for no argument.
    ///
    /// - Throws: `unsuitableArgument`, with the form to write instead as a hint.
    public func resultType(of input: DataType?) throws(AggregateError) -> DataType {
        guard let input else {
            if self == .count { return .int64 }
            throw AggregateError(
                .unsuitableArgument, "\(name) needs an argument",
                hint: "write \(Self.form(ofName: name))")
        }
        try refuseValuesWithoutState(input)
        switch self {
        case .count: return try countType(of: input)
        case .sum:
            if case .decimal(_, let scale) = input {
                return .decimal(precision: Decimal128.greatestPrecision, scale: scale)
            }
            return try numeric(input).isInteger ? .int64 : .double
        case .mean:
            if !input.isDecimal { _ = try numeric(input) }
            return .double
        case .variance, .stddev:
            _ = try numeric(input)
            return .double
        case .min, .max, .first, .last: return input
        case .firstValues, .lastValues, .top: return .list(input)
        case .distinct, .distinctExact: return .int64
        case .quantile, .decayedSum:
            if !input.isDecimal { _ = try numeric(input) }
            return .double
        case .histogram:
            if !input.isDecimal { _ = try numeric(input) }
            return .list(.int64)
        }
    }

    private func refuseValuesWithoutState(_ input: DataType) throws(AggregateError) {
        switch input {
        case .null:
            throw AggregateError(
                .unsuitableArgument, "\(name) of null has no type", hint: "name a column")
        case .duration:
            throw AggregateError(
                .unsuitableArgument, "\(name) of a duration is not a feature",
                hint: "divide it first: \(name)((a - b) / minutes(1))")
        case .list, .vector:
            throw AggregateError(
                .unsuitableArgument, "\(name) does not take \(input.withArticle)",
                hint: "aggregate a column of single values")
        default: return
        }
    }

    private func countType(of input: DataType) throws(AggregateError) -> DataType {
        guard input != .bool else {
            throw AggregateError(
                .unsuitableArgument, "count of a bool would count false too",
                hint: "write count() where x")
        }
        return .int64
    }

    private func numeric(_ input: DataType) throws(AggregateError) -> DataType {
        guard !input.isNumeric else { return input }
        let hint: String? =
            input.isDecimal
            ? "write \(name)(cast(x as double))"
            : input == .bool
                ? (self == .sum
                    ? "write count() where x"
                    : "write \(Self.form(ofName: name, argument: "if(x, 1, 0)"))") : nil
        throw AggregateError(
            .unsuitableArgument, "\(name) takes a number, not \(input.withArticle)", hint: hint)
    }
}

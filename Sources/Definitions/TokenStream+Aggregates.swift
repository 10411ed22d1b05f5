import Aggregates
import Expressions
import Values

// The constants that stand behind the argument of an aggregate.

extension TokenStream {
    /// Takes the constant of the function called `name`.
    ///
    /// - Returns: the function; nil, and the next token is the one that is wrong, when the constant
    ///   is of another kind or out of range.
    mutating func function(
        _ name: String, _ parameter: AggregateFunction.Parameter
    ) throws(Diagnostic) -> AggregateFunction? {
        switch parameter {
        case .length:
            return takeWhole().flatMap { AggregateFunction(name: name, length: $0) }
        case .cap:
            return takeWhole(upTo: AggregateFunction.greatestCap).map {
                AggregateFunction.distinctExact(cap: $0)
            }
        case .share: return takeShare().map(AggregateFunction.quantile)
        case .edges: return try takeEdges().map(AggregateFunction.histogram)
        case .halfLife:
            guard case .duration(let halfLife) = peek.kind else { return nil }
            _ = next()
            return .decayedSum(halfLife: halfLife)
        }
    }

    private mutating func takeWhole(
        upTo limit: Int = AggregateFunction.greatestListLength
    ) -> Int? {
        guard case .integer(let value) = peek.kind, value >= 1, value <= limit else { return nil }
        _ = next()
        return Int(value)
    }

    private mutating func takeShare() -> Quantile? {
        let quantile: Quantile?
        switch peek.kind {
        case .integer(let value): quantile = value <= 1 ? Quantile(Double(value)) : nil
        case .double(let value): quantile = Quantile(value)
        default: quantile = nil
        }
        if quantile != nil { _ = next() }
        return quantile
    }

    private mutating func takeEdges() throws(Diagnostic) -> HistogramEdges? {
        guard peek.kind == .symbol(.openBracket) else { return nil }
        let open = next()
        var values: [Double] = []
        repeat {
            let place = peek
            guard let value = takeNumber() else {
                throw unexpected("a number between the brackets")
            }
            if let last = values.last, last >= value {
                throw Diagnostic(
                    "the edges of a histogram ascend, but \(value) follows \(last)",
                    at: place.location, hint: "put them in order, each once",
                    length: max(1, place.length))
            }
            values.append(value)
        } while accept(.comma)
        try expect(.closeBracket, after: "the edges")
        guard let edges = HistogramEdges(values) else {
            throw Diagnostic(
                "a histogram has at most \(HistogramEdges.greatestCount) edges, not "
                    + "\(values.count)", at: open.location, hint: nil, length: 1)
        }
        return edges
    }

    /// A number, with a sign or without.
    private mutating func takeNumber() -> Double? {
        let isNegative = peek.kind == .symbol(.minus)
        let value: Double
        switch peek(ahead: isNegative ? 1 : 0).kind {
        case .integer(let whole): value = Double(whole)
        case .double(let double): value = double
        default: return nil
        }
        if isNegative { _ = next() }
        _ = next()
        return isNegative && value != 0 ? -value : value
    }
}

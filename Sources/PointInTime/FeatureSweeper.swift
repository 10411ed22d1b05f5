import Aggregates
import Columns
import Expressions
import Planning
import Values

/// Computes the features of one view for one partition, a feature at a time.
struct FeatureSweeper {
    let rows: PartitionRows
    let queryStarts: [Int]
    let times: QueryTimes
    /// The expressions whose values are `rows.inputs`.
    let inputs: [TypedExpression]

    var queryCount: Int { times.asked.count }

    /// The latest value view: all its features come from one row.
    func latest(
        _ features: [LatestFeature], wanted: [Int], ttl: EventDuration?
    ) -> PartitionResult {
        let columns = features.map { values(of: $0.expression) }
        let byName = features.indices.sorted { bytewise(features[$0].name, features[$1].name) }
        let sweep = WindowSweep(
            rows: rows, queryStarts: queryStarts, seen: times.seen,
            lowerBounds: times.lowerBounds(ttl: ttl), order: order(by: byName.map { columns[$0] }),
            filter: nil, maxRows: .max)
        var state = LastState(input: nil, picks: SinglePick(queries: queryCount))
        _ = sweep.run(&state)
        let picks = state.finishPicks().finish()
        return PartitionResult(columns: wanted.map { columns[$0].gathering(picks) })
    }

    /// Features that aggregate, each by a sweep of its own.
    ///
    /// - Throws: `tooManyValues` when the lists of a feature cannot be numbered in 32 bits.
    func aggregates(
        _ features: [AggregateFeature], ttl: EventDuration?
    ) throws(PointInTimeError) -> PartitionResult {
        var result = PartitionResult()
        let fresh = times.freshness(ttl: ttl)
        for feature in features {
            try checkListSize(of: feature)
            let column = aggregate(feature, &result)
            result.columns.append(fresh.map { column.masked(by: $0) } ?? column)
        }
        return result
    }

    /// A column's lists lie in one run that 32 bits number: at most all rows of an entity, or the
    /// feature's n, for each of its queries; all bins of a histogram for each.
    private func checkListSize(of feature: AggregateFeature) throws(PointInTimeError) {
        guard let limit = feature.function.greatestListCount else { return }
        let isBounded = feature.function.length != nil
        let values = (0..<queryStarts.count - 1).reduce(0) { total, entity in
            let entityRows = rows.starts[entity + 1] - rows.starts[entity]
            let kept = isBounded ? min(limit, entityRows) : limit
            return total + kept * (queryStarts[entity + 1] - queryStarts[entity])
        }
        guard values > Int(Int32.max) else { return }
        throw PointInTimeError(
            code: .tooManyValues,
            message: """
                the lists of \(feature.name) may hold \(values) values in one partition, more than \
                \(Int32.max): ask for fewer than \(limit) values, or split the spine
                """)
    }

    private func aggregate(
        _ feature: AggregateFeature, _ result: inout PartitionResult
    ) -> Column {
        let input = feature.input.map { values(of: $0) }
        let sweep = sweep(for: feature, input: input)
        switch (feature.function, input) {
        case (.count, _): return run(Count(), input, rows.identity, sweep, &result)
        case (.sum, let input?), (.mean, let input?), (.variance, let input?),
            (.stddev, let input?):
            if case .int128(let digits) = input.storage {
                return ofDecimals(feature.function, input, digits, sweep, &result)
            }
            return input.type.isInteger
                ? ofIntegers(feature.function, input, sweep, &result)
                : ofDoubles(feature.function, input, sweep, &result)
        case (.min, let input?), (.max, let input?):
            return extreme(isMax: feature.function == .max, input, sweep, &result)
        case (.first, let input?), (.last, let input?), (.firstValues, let input?),
            (.lastValues, let input?):
            return ends(feature.function, input, sweep, &result)
        case (_, let input?): return sketch(feature.function, input, sweep, &result)
        case (_, nil): preconditionFailure("the plan has \(feature.function) without an argument")
        }
    }

    private func sweep(for feature: AggregateFeature, input: Column?) -> WindowSweep {
        var maxRows = Int.max
        if case .exact(_, let maxEvents) = feature.window { maxRows = maxEvents }
        let dependsOnOrder = maxRows < .max || feature.function.picksByTime
        return WindowSweep(
            rows: rows, queryStarts: queryStarts, seen: times.seen,
            lowerBounds: times.lowerBounds(of: feature.window),
            order: order(by: dependsOnOrder ? [input].compactMap { $0 } : []),
            filter: feature.filter.map { values(of: $0).trueRows }, maxRows: maxRows)
    }

    private func values(of expression: TypedExpression) -> Column {
        guard let index = inputs.firstIndex(of: expression) else {
            preconditionFailure("the scan did not evaluate \(expression.canonicalText)")
        }
        return rows.inputs[index]
    }

    /// The row at each position: rows with equal times are put in order of `columns`.
    private func order(by columns: [Column]) -> FixedValues<Int32> {
        if columns.isEmpty || rows.ties.isEmpty { return rows.identity }
        var order = (0..<rows.eventTimes.count).map { Int32($0) }
        for tie in rows.ties {
            order[tie].sort { compareRows(columns, Int($0), Int($1)) < 0 }
        }
        return FixedValues(order)
    }
}

extension FeatureSweeper {
    private func ofDoubles(
        _ function: AggregateFunction, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        let values = input.widenedDoubles
        switch function {
        case .sum: return run(RunningSum(), input, values, sweep, &result)
        case .mean: return run(Mean(), input, values, sweep, &result)
        default:
            let spread = Spread(isDeviation: function == .stddev)
            return run(spread, input, values, sweep, &result)
        }
    }

    private func ofIntegers(
        _ function: AggregateFunction, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        let values = input.widenedIntegers
        switch function {
        case .sum: return run(RunningIntegerSum(), input, values, sweep, &result)
        case .mean: return run(IntegerMean(), input, values, sweep, &result)
        default:
            let spread = IntegerSpread(isDeviation: function == .stddev)
            return run(spread, input, values, sweep, &result)
        }
    }

    private func ofDecimals(
        _ function: AggregateFunction, _ input: Column, _ digits: FixedValues<Int128>,
        _ sweep: WindowSweep, _ result: inout PartitionResult
    ) -> Column {
        guard case .decimal(_, let scale) = input.type else {
            preconditionFailure("digits of no decimal")
        }
        return function == .sum
            ? run(DecimalSum(scale: scale), input, digits, sweep, &result)
            : run(DecimalMean(scale: scale), input, digits, sweep, &result)
    }

    func run<Running: RunningAggregate>(
        _ running: Running, _ input: Column?, _ values: FixedValues<Running.Value>,
        _ sweep: WindowSweep, _ result: inout PartitionResult
    ) -> Column {
        var state = RunningState(running, input: input, values: values, queries: queryCount)
        result.overflowedKeys += sweep.run(&state)
        result.sumOverflows += state.overflows
        return state.finish()
    }

    private func extreme(
        isMax: Bool, _ input: Column, _ sweep: WindowSweep, _ result: inout PartitionResult
    ) -> Column {
        if let keys = input.sortKeys {
            return extreme(isMax: isMax, IntegerOrder(keys: keys), input, sweep, &result)
        }
        switch input.storage {
        case .int128(let values):
            return extreme(isMax: isMax, DecimalOrder(values: values), input, sweep, &result)
        case .bytes(let values):
            return extreme(isMax: isMax, BytesOrder(values: values), input, sweep, &result)
        default: preconditionFailure("values of type \(input.type) have no order")
        }
    }

    private func extreme(
        isMax: Bool, _ order: some RowOrder, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        isMax
            ? extreme(ReversedOrder(base: order), input, sweep, &result)
            : extreme(order, input, sweep, &result)
    }

    private func extreme(
        _ order: some RowOrder, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        var state = ExtremeState(input: input, order: order, queries: queryCount)
        result.overflowedKeys += sweep.run(&state)
        return state.finish()
    }

    private func ends(
        _ function: AggregateFunction, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        let single = { SinglePick(queries: queryCount) }
        let list = { ListPick(limit: function.length ?? 1, queries: queryCount) }
        switch function {
        case .first: return first(single(), input, sweep, &result)
        case .firstValues: return first(list(), input, sweep, &result)
        case .last: return last(single(), input, sweep, &result)
        default: return last(list(), input, sweep, &result)
        }
    }

    private func first<Picks: PickList & ~Copyable>(
        _ picks: consuming Picks, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        var state = FirstState(input: input, picks: picks)
        result.overflowedKeys += sweep.run(&state)
        return state.finishPicks().column(of: input)
    }

    private func last<Picks: PickList & ~Copyable>(
        _ picks: consuming Picks, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        var state = LastState(input: input, picks: picks)
        result.overflowedKeys += sweep.run(&state)
        return state.finishPicks().column(of: input)
    }
}

extension AggregateFunction {
    /// Whether the result depends on the order of rows with equal times.
    fileprivate var picksByTime: Bool {
        switch self {
        case .first, .last, .firstValues, .lastValues: true
        default: false
        }
    }
}

extension Column {
    /// The same column with nulls where `mask` is clear.
    fileprivate func masked(by mask: Bitmap) -> Column {
        Column(
            type: type, count: count, storage: storage,
            validity: validity.map { $0.combined(with: mask, &) } ?? mask)
    }
}

private func bytewise(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}

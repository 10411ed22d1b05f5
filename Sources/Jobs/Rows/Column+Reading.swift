import Columns
import Values

// What happens to a column between the file and the engine; each is one loop over the values.

extension Column {
    /// The same values as `wider`, integers as doubles too, as request columns may be: the caller
    /// decides where that is right; nil when the type does not widen.
    func converted(to wider: DataType) -> Column? {
        switch (storage, type, wider) {
        case (.int32(let values), .int32, .double):
            return with(wider, .double(map(values) { Double($0) }))
        case (.int64(let values), .int64, .double):
            return with(wider, .double(map(values) { Double($0) }))
        default: return widened(to: wider)
        }
    }

    /// The same numbers with -0 as +0 and every NaN as the one quiet NaN.
    var canonical: Column {
        switch storage {
        case .float(let values):
            let isCanonical = (0..<count).allSatisfy {
                values[$0] == values[$0] && values[$0].bitPattern != Float(-0.0).bitPattern
            }
            if isCanonical { return self }
            return with(type, .float(map(values) { $0.isNaN ? .nan : $0 + 0 }))
        case .double(let values):
            let isCanonical = (0..<count).allSatisfy {
                values[$0] == values[$0] && values[$0].bitPattern != (-0.0).bitPattern
            }
            if isCanonical { return self }
            return with(type, .double(map(values) { $0.isNaN ? .nan : $0 + 0 }))
        case .list(let offsets, let elements):
            return with(type, .list(offsets: offsets, elements: elements.canonical))
        default: return self
        }
    }

    /// Timestamps that a clock in `zone` showed, as instants.
    func asInstants(in zone: ZoneTable) -> Column {
        guard case .int64(let values) = storage else { return self }
        return with(type, .int64(map(values) { zone.instant(ofLocal: $0) }))
    }

    private func with(_ type: DataType, _ storage: Storage) -> Column {
        Column(type: type, count: count, storage: storage, validity: validity)
    }
}

private func map<Value, Result>(
    _ values: FixedValues<Value>, _ convert: (Value) -> Result
) -> FixedValues<Result> {
    var results = FixedValuesBuilder<Result>(capacity: values.count)
    for index in 0..<values.count { results.append(convert(values[index])) }
    return results.finish()
}

public import Values

// What happens to a column between a file and the engine that asks for another type; each is one
// loop over the values.

extension Column {
    /// The same values as `wider`; nil when this type is not readable as that one, and when a row
    /// of a list of floats is not a vector of that length (`firstRow(noVectorOf:)` tells which).
    ///
    /// Complexity: O(rows).
    public func widened(to wider: DataType) -> Column? {
        if type == wider { return self }
        switch (storage, type, wider) {
        case (.int32(let values), .int32, .int64):
            return with(wider, .int64(values.mapped { Int64($0) }))
        case (.float(let values), .float, .double):
            return with(wider, .double(values.mapped { Double($0) }))
        case (.int128(let values), .decimal(_, let scale), .decimal(_, let wideScale)):
            guard type.widens(to: wider) else { return nil }
            let factor = Decimal128.powerOfTen(wideScale - scale)
            // What is arbitrary at a null row may overflow.
            return with(wider, .int128(values.mapped { $0 &* factor }))
        case (.list(let offsets, let elements), .list, .list(let element)):
            return elements.widened(to: element).map {
                with(wider, .list(offsets: offsets, elements: $0))
            }
        case (.list(_, let elements), .list(.float), .vector(let length)):
            guard elements.nullCount == 0 else { return nil }
            return firstRow(noVectorOf: length) == nil ? with(wider, storage) : nil
        default: return nil
        }
    }

    /// The first row of a list of floats that is neither null nor a vector of `length`; nil when
    /// there is none.
    public func firstRow(noVectorOf length: Int) -> Int? {
        guard case .list(let offsets, let elements) = storage else { return nil }
        return (0..<count).first { row in
            let range = Int(offsets[row])..<Int(offsets[row + 1])
            if isNull(row) { return false }
            return range.count != length
                || elements.nullCount > 0 && range.contains { elements.isNull($0) }
        }
    }

    private func with(_ type: DataType, _ storage: Storage) -> Column {
        Column(type: type, count: count, storage: storage, validity: validity)
    }
}

extension FixedValues {
    /// `convert` of every value.
    fileprivate func mapped<Result: BitwiseCopyable & Sendable>(
        _ convert: (Element) -> Result
    ) -> FixedValues<Result> {
        var results = FixedValuesBuilder<Result>(capacity: count)
        for index in 0..<count { results.append(convert(self[index])) }
        return results.finish()
    }
}

import Columns

extension Leaf.Conversion {
    /// The rows of `storage` after the conversion; the rows that are null hold 0.
    func apply(to storage: Column.Storage) throws(ParquetError) -> Column.Storage {
        switch (self, storage) {
        case (.none, _): return storage
        case (.widenUnsigned, .int32(let values)):
            return .int64(values.mapped { Int64(UInt32(bitPattern: $0)) })
        case (.checkUnsigned, .int64(let values)):
            let isTooGreat = values.contains { $0 < 0 }
            guard !isTooGreat else {
                throw .unsupported("an unsigned value above \(Int64.max); write it as another type")
            }
            return storage
        case (.milliseconds, .int64(let values)):
            let limit = Int64.max / 1_000
            let isOutside = values.contains { $0 > limit || $0 < -limit }
            guard !isOutside else {
                throw .unsupported("a time beyond what microseconds in 64 bits can hold")
            }
            return .int64(values.mapped { $0 &* 1_000 })
        case (.nanoseconds, .int64(let values)):
            return .int64(values.mapped { floorDivide($0, by: 1_000) })
        default: throw .corrupt("values of another physical type than the column's")
        }
    }
}

extension FixedValues {
    fileprivate func mapped<Other: BitwiseCopyable & Sendable>(
        _ transform: (Element) -> Other
    ) -> FixedValues<Other> {
        var result = GrowingValues<Other>(capacity: count)
        let target = unsafe result.tail(count)
        unsafe withUnsafeBufferPointer { source in
            for index in source.indices { unsafe target[index] = transform(source[index]) }
        }
        result.commit(count)
        return result.finish()
    }

    fileprivate func contains(_ predicate: (Element) -> Bool) -> Bool {
        unsafe withUnsafeBufferPointer { source in unsafe source.contains(where: predicate) }
    }
}

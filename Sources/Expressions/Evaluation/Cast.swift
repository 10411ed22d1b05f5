import Columns
import Values

/// Which casts exist and what they do.
enum Cast {
    /// Whether `cast(x as target)` exists for an x of type `source`.
    static func exists(from source: DataType, to target: DataType) -> Bool {
        if source == target || (source.isNumeric && target.isNumeric) { return true }
        return switch (source, target) {
        case (.null, _), (.string, .bool), (.bool, .string), (.timestamp, .date),
            (.date, .timestamp):
            true
        case (.string, _): target.isNumeric
        case (.bool, _): target.isInteger
        case (_, .string): source.isInteger
        default: false
        }
    }

    /// What to write in place of a cast that does not exist.
    static func remedy(from source: DataType, to target: DataType) -> String? {
        switch (source, target) {
        case (.bool, _) where target.isFloatingPoint: "cast it to int64 first"
        case (_, .bool) where source.isNumeric: "compare it: x != 0"
        case (_, .string) where source.isFloatingPoint:
            "doubles have no text; cast to int64 first"
        case (.duration, _) where target.isNumeric:
            "a duration over a duration is a number: x / minutes(1)"
        case (_, .timestamp) where source.isNumeric:
            "add it to a point in time: timestamp '1970-01-01T00:00:00Z' + seconds(x)"
        case (.string, .timestamp):
            "declare the column as timestamp in the source's schema"
        default: nil
        }
    }

    /// How to make two types meet by a cast, as the hint of a message.
    static func suggestion(from source: DataType, to target: DataType) -> String? {
        if source != .string, target == .string {
            return exists(from: target, to: source) && source != .bool
                ? "cast(x as \(source)) makes the string a number" : nil
        }
        guard source != target, exists(from: source, to: target) else { return nil }
        return "cast(x as \(target)) converts the \(source)"
    }
}

extension Invocation {
    /// The operand as `target`; rows without an equivalent become null.
    mutating func cast(to target: DataType) -> Lanes {
        switch target {
        case .bool: castToBool()
        case .int32: castToInt32()
        case .int64: castToInt64()
        case .float: castToFloat()
        case .double: castToDouble()
        case .string: castToString()
        case .timestamp: castToTimestamp()
        case .date: castToDate()
        default: operands[0]
        }
    }

    private mutating func castToBool() -> Lanes {
        guard case .bytes(let texts) = operands[0] else { return operands[0] }
        let truths: Lane<UInt8> = unsafe parse(texts) { bytes in
            unsafe bytes.elementsEqual("true".utf8)
                ? 1 : bytes.elementsEqual("false".utf8) ? 0 : nil
        }
        return .bits(truths.compare(.constant(1), count: count) { $0 == $1 })
    }

    private mutating func castToInt64() -> Lanes {
        switch operands[0] {
        case .bits(let bits): .int64(bits.integers())
        case .int32(let lane): .int64(lane.map(Int64.init))
        case .float(let lane): .int64(mapChecked(lane) { truncated(Double($0)) })
        case .double(let lane): .int64(mapChecked(lane, truncated))
        case .bytes(let texts):
            .int64(unsafe parse(texts) { bytes in unsafe NumberText.integer(bytes) })
        default: operands[0]
        }
    }

    private mutating func castToInt32() -> Lanes {
        if case .bits(let bits) = operands[0] { return .int32(bits.integers()) }
        if case .int32 = operands[0] { return operands[0] }
        guard case .int64(let lane) = castToInt64() else { return operands[0] }
        return .int32(
            mapChecked(lane) { value in
                let narrow = Int32(truncatingIfNeeded: value)
                return (narrow, Int64(narrow) == value ? .none : .badCast)
            })
    }

    private mutating func castToDouble() -> Lanes {
        switch operands[0] {
        case .int32(let lane): .double(lane.map(Double.init))
        case .int64(let lane): .double(lane.map(Double.init))
        case .float(let lane): .double(lane.map { canonical(Double($0)) })
        case .bytes(let texts):
            .double(unsafe parse(texts) { bytes in unsafe NumberText.double(bytes).map(canonical) })
        default: operands[0]
        }
    }

    private mutating func castToFloat() -> Lanes {
        switch operands[0] {
        case .int32(let lane): .float(lane.map { Float($0) })
        case .int64(let lane): .float(lane.map { Float($0) })
        case .double(let lane): .float(lane.map { canonical(Float($0)) })
        case .bytes(let texts):
            .float(unsafe parse(texts) { bytes in unsafe NumberText.float(bytes).map(canonical) })
        default: operands[0]
        }
    }

    private func castToString() -> Lanes {
        switch operands[0] {
        case .bits(let bits):
            .bytes(describe(bits.integers() as Lane<Int32>) { $0 == 1 ? "true" : "false" })
        case .int32(let lane): .bytes(describe(lane) { String($0) })
        case .int64(let lane): .bytes(describe(lane) { String($0) })
        default: operands[0]
        }
    }

    private mutating func castToTimestamp() -> Lanes {
        guard case .int32(let lane) = operands[0] else { return operands[0] }
        return .int64(
            mapChecked(lane) { days in
                let (time, overflow) =
                    Int64(days).multipliedReportingOverflow(by: 86_400_000_000)
                return (time, overflow ? .overflow : .none)
            })
    }

    private func castToDate() -> Lanes {
        guard case .int64(let lane) = operands[0] else { return operands[0] }
        return .int32(
            lane.map {
                Int32(truncatingIfNeeded: EventTime(microseconds: $0).daysSinceEpoch)
            })
    }
}

extension Invocation {
    /// What `parse` reads from every text; a bad cast where it gives nil.
    private mutating func parse<Result: BitwiseCopyable & Sendable & ExpressibleByIntegerLiteral>(
        _ texts: BytesLane, _ parse: (UnsafeBufferPointer<UInt8>) -> Result?
    ) -> Lane<Result> {
        let rows = texts.isConstant ? 1 : count
        var failures = BitmapBuilder(capacity: rows)
        let results = tabulated(count: rows) { row -> Result in
            let result = unsafe texts.values.withBytes(at: row) { bytes in unsafe parse(bytes) }
            failures.append(result == nil)
            return result ?? 0
        }
        let failed = failures.finish()
        if texts.isConstant {
            fail(.constant(failed[0]), .badCast)
            return .constant(results[0])
        }
        fail(.bits(failed), .badCast)
        return .values(results)
    }

    private func describe<Element>(
        _ lane: Lane<Element>, _ describe: (Element) -> String
    ) -> BytesLane {
        switch lane {
        case .constant(let value): return BytesLane(describe(value))
        case .values(let values):
            var builder = BytesValuesBuilder(capacity: count)
            for row in 0..<count { builder.append(describe(values[row]).utf8) }
            return BytesLane(values: builder.finish(), isConstant: false)
        }
    }
}

extension BytesLane {
    /// One text for every row.
    init(_ text: String) {
        self.init(text.utf8)
    }

    init(_ bytes: some Sequence<UInt8>) {
        var builder = BytesValuesBuilder(capacity: 1)
        builder.append(bytes)
        self.init(values: builder.finish(), isConstant: true)
    }
}

/// The integer that remains without the fraction.
@inline(__always)
private func truncated(_ value: Double) -> (Int64, Fault) {
    let isInRange = value >= -0x1p63 && value < 0x1p63
    return isInRange ? (Int64(value), .none) : (0, .badCast)
}

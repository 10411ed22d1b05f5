public import Values

/// A row of one of several batches that share a schema.
@frozen
public struct RowAddress: Hashable, Sendable, BitwiseCopyable {
    /// Which batch; negative for no row at all, which gives a null.
    public var part: Int32
    /// The row in that batch.
    public var row: Int32

    /// Makes an address.
    @inlinable
    public init(part: Int32, row: Int32) {
        self.part = part
        self.row = row
    }
}

extension Column {
    /// The rows at `addresses`, taken from `parts`, in that order.
    ///
    /// - Parameters:
    ///   - type: the type of every part; it is the result's type when there are no parts.
    ///   - parts: columns of one type, in any number.
    ///   - addresses: rows of the parts.
    ///
    /// Complexity: O(number of addresses), plus the bytes copied for strings and lists.
    public init(type: DataType, parts: [Column], at addresses: FixedValues<RowAddress>) {
        precondition(parts.allSatisfy { $0.type == type }, "parts of different types")
        self.init(
            type: type, count: addresses.count,
            storage: Storage(type: type, parts: parts.map(\.storage), at: addresses),
            validity: gatherValidity(parts.map(\.validity), addresses))
    }
}

extension Column.Storage {
    fileprivate init(type: DataType, parts: [Self], at addresses: FixedValues<RowAddress>) {
        switch type {
        case .null: self = .none
        case .bool: self = .bits(gatherBits(parts, addresses))
        case .int32, .date:
            self = .int32(gather(parts.map { $0.int32Values }, addresses, zero: 0))
        case .int64, .timestamp, .duration:
            self = .int64(gather(parts.map { $0.int64Values }, addresses, zero: 0))
        case .float: self = .float(gather(parts.map { $0.floatValues }, addresses, zero: 0))
        case .double: self = .double(gather(parts.map { $0.doubleValues }, addresses, zero: 0))
        case .decimal: self = .int128(gather(parts.map { $0.int128Values }, addresses, zero: 0))
        case .string, .bytes: self = .bytes(gatherBytes(parts, addresses))
        case .vector: self = gatherLists(of: .float, parts, addresses)
        case .list(let element): self = gatherLists(of: element, parts, addresses)
        }
    }

    private var int32Values: FixedValues<Int32> {
        guard case .int32(let values) = self else { preconditionFailure("not an int32 layout") }
        return values
    }

    private var int64Values: FixedValues<Int64> {
        guard case .int64(let values) = self else { preconditionFailure("not an int64 layout") }
        return values
    }

    private var floatValues: FixedValues<Float> {
        guard case .float(let values) = self else { preconditionFailure("not a float layout") }
        return values
    }

    private var doubleValues: FixedValues<Double> {
        guard case .double(let values) = self else { preconditionFailure("not a double layout") }
        return values
    }

    private var int128Values: FixedValues<Int128> {
        guard case .int128(let values) = self else { preconditionFailure("not an int128 layout") }
        return values
    }
}

private func gatherValidity(
    _ parts: [Bitmap?], _ addresses: FixedValues<RowAddress>
) -> Bitmap {
    let hasNulls = parts.contains { $0 != nil }
    var gathered = BitmapBuilder(capacity: addresses.count)
    for index in 0..<addresses.count {
        let address = addresses[index]
        if hasNulls, address.part >= 0, let validity = parts[Int(address.part)] {
            gathered.append(validity[Int(address.row)])
        } else {
            gathered.append(address.part >= 0)
        }
    }
    return gathered.finish()
}

private func gather<Element: BitwiseCopyable & Sendable>(
    _ parts: [FixedValues<Element>], _ addresses: FixedValues<RowAddress>, zero: Element
) -> FixedValues<Element> {
    var builder = FixedValuesBuilder<Element>(capacity: addresses.count)
    for index in 0..<addresses.count {
        let address = addresses[index]
        builder.append(address.part < 0 ? zero : parts[Int(address.part)][Int(address.row)])
    }
    return builder.finish()
}

private func gatherBits(
    _ parts: [Column.Storage], _ addresses: FixedValues<RowAddress>
) -> Bitmap {
    let bitmaps = parts.map { part -> Bitmap in
        guard case .bits(let bits) = part else { preconditionFailure("not a bit layout") }
        return bits
    }
    var builder = BitmapBuilder(capacity: addresses.count)
    for index in 0..<addresses.count {
        let address = addresses[index]
        builder.append(address.part >= 0 && bitmaps[Int(address.part)][Int(address.row)])
    }
    return builder.finish()
}

private func gatherBytes(
    _ parts: [Column.Storage], _ addresses: FixedValues<RowAddress>
) -> BytesValues {
    let strings = parts.map { part -> BytesValues in
        guard case .bytes(let values) = part else { preconditionFailure("not a byte layout") }
        return values
    }
    var builder = BytesValuesBuilder(capacity: addresses.count)
    for index in 0..<addresses.count {
        let address = addresses[index]
        if address.part < 0 {
            builder.appendEmpty()
        } else {
            unsafe strings[Int(address.part)].withBytes(at: Int(address.row)) { bytes in
                unsafe builder.append(bytes)
            }
        }
    }
    return builder.finish()
}

private func gatherLists(
    of type: DataType, _ parts: [Column.Storage], _ addresses: FixedValues<RowAddress>
) -> Column.Storage {
    let lists = parts.map { part -> (offsets: FixedValues<Int32>, elements: Column) in
        guard case .list(let offsets, let elements) = part else {
            preconditionFailure("not a list layout")
        }
        return (offsets, elements)
    }
    var offsets = FixedValuesBuilder<Int32>(capacity: addresses.count + 1)
    var elements = FixedValuesBuilder<RowAddress>(capacity: addresses.count)
    offsets.append(0)
    for index in 0..<addresses.count {
        let address = addresses[index]
        if address.part >= 0 {
            let list = lists[Int(address.part)].offsets
            for row in list[Int(address.row)]..<list[Int(address.row) + 1] {
                elements.append(RowAddress(part: address.part, row: row))
            }
        }
        offsets.append(Int32(elements.count))
    }
    return .list(
        offsets: offsets.finish(),
        elements: Column(type: type, parts: lists.map(\.elements), at: elements.finish()))
}

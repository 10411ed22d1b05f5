import Columns

/// Where the values of a leaf's pages go.
protocol ValueSink: ~Copyable {
    /// Takes the dictionary page: `count` values in PLAIN encoding.
    mutating func setDictionary(_ bytes: ByteRegion, count: Int) throws(ParquetError)

    /// Appends `count` values that are not null.
    mutating func append(
        _ encoding: Encoding, _ bytes: ByteRegion, count: Int
    ) throws(ParquetError)

    /// Turns the last `dense` values into `levels.count` rows: a row whose level is 0 is a null.
    mutating func spread(dense: Int, levels: FixedValues<UInt8>)

    /// How many rows there are.
    var count: Int { get }

    /// The finished rows in their stored type.
    consuming func finish() -> Column.Storage
}

/// The indexes of a page in a dictionary of `dictionaryCount` values, all checked.
func dictionaryIndexes(
    _ bytes: ByteRegion, count: Int, dictionaryCount: Int
) throws(ParquetError) -> FixedValues<UInt32> {
    var indexes = GrowingValues<UInt32>(capacity: count)
    if count == 0 { return indexes.finish() }
    let width = Int(bytes.count > 0 ? bytes[0] : 0)
    guard width <= 32 else { throw .corrupt("dictionary indexes of \(width) bits") }
    let target = unsafe UnsafeMutableBufferPointer(start: indexes.tail(count), count: count)
    if width == 0, bytes.count <= 1 {
        unsafe target.update(repeating: 0)
    } else {
        let runs = try bytes.suffix(from: 1)
        try unsafe runs.withUnsafeBytes { source throws(ParquetError) in
            try unsafe decodeHybrid(source, width: width, into: target)
        }
    }
    indexes.commit(count)
    let result = indexes.finish()
    let highest = unsafe result.withUnsafeBufferPointer { unsafe greatest($0) }
    guard highest < dictionaryCount else {
        throw .corrupt("index \(highest) in a dictionary of \(dictionaryCount) values")
    }
    return result
}

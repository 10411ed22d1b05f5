import Columns

/// Decodes the pages of a leaf of byte strings.
struct BytesSink: ValueSink, ~Copyable {
    /// The length of every string, for FIXED_LEN_BYTE_ARRAY.
    private let fixedLength: Int?
    /// Whether the bytes must be UTF-8.
    private let isText: Bool
    private let limit: Int
    private var bytes: GrowingValues<UInt8>
    private var ends: GrowingValues<Int32>
    private var dictionary: BytesValues?

    /// `limit` bounds how many bytes all strings may have together.
    init(fixedLength: Int?, isText: Bool, capacity: Int, limit: Int) {
        self.fixedLength = fixedLength
        self.isText = isText
        self.limit = min(limit, Int(Int32.max))
        bytes = GrowingValues(capacity: min(limit, capacity * 8))
        ends = GrowingValues(capacity: capacity + 1)
        ends.append(0)
    }

    var count: Int { ends.count - 1 }

    mutating func setDictionary(_ source: ByteRegion, count: Int) throws(ParquetError) {
        var sink = BytesSink(
            fixedLength: fixedLength, isText: isText, capacity: min(count, source.count),
            limit: limit)
        try sink.append(.plain, source, count: count)
        dictionary = sink.finishBytes()
    }

    mutating func append(
        _ encoding: Encoding, _ source: ByteRegion, count: Int
    ) throws(ParquetError) {
        let isIndexed = encoding == .plainDictionary || encoding == .rleDictionary
        let start = bytes.count
        let first = ends.count
        switch encoding {
        case .plain: try appendPlain(source, count)
        case .plainDictionary, .rleDictionary: try appendIndexed(source, count)
        case .deltaLengthByteArray: try appendDeltaLengths(source, count)
        case .deltaByteArray: try appendPrefixed(source, count)
        case .byteStreamSplit where fixedLength != nil: try appendSplit(source, count)
        default: throw .unsupported("encoding \(encoding) of a byte column is not read")
        }
        // What comes from the dictionary was checked there.
        if isText, !isIndexed { try checkText(from: start, firstEnd: first) }
    }

    private mutating func checkText(from start: Int, firstEnd: Int) throws(ParquetError) {
        let text = unsafe UnsafeRawBufferPointer(
            start: bytes.pointer(from: start), count: bytes.count - start)
        let boundaries = unsafe UnsafeBufferPointer(
            start: ends.pointer(from: firstEnd), count: ends.count - firstEnd)
        guard unsafe isUTF8(text, boundaries: boundaries, start: start) else {
            throw .corrupt("a string is not UTF-8")
        }
    }

    private func checkRoom(for additional: Int) throws(ParquetError) {
        guard additional <= limit - bytes.count else {
            throw .unsupported(
                "strings of more than \(limit) bytes in one row group; write smaller row groups")
        }
    }

    private mutating func appendPlain(_ source: ByteRegion, _ count: Int) throws(ParquetError) {
        if let fixedLength { return try appendFixed(source, count, fixedLength) }
        guard count <= source.count / 4 else { throw .truncated("a page of strings is cut") }
        try checkRoom(for: source.count)
        let start = bytes.count
        let bytesTail = unsafe bytes.tail(source.count)
        let endsTail = unsafe ends.tail(count)
        let written = try unsafe source.withUnsafeBytes { source in
            unsafe copyPlainStrings(
                source, count: count, start: start, bytes: bytesTail, ends: endsTail)
        }
        guard let written else { throw .corrupt("a string is longer than its page") }
        bytes.commit(written)
        ends.commit(count)
    }

    private mutating func appendFixed(
        _ source: ByteRegion, _ count: Int, _ length: Int
    ) throws(ParquetError) {
        let (total, overflow) = count.multipliedReportingOverflow(by: length)
        guard !overflow, total <= source.count else {
            throw .truncated("\(count) values of \(length) bytes do not fit \(source.count) bytes")
        }
        try checkRoom(for: total)
        let start = bytes.count
        try copy(source, total)
        appendEnds(count) { index in start + (index + 1) * length }
    }

    private mutating func copy(_ source: ByteRegion, _ count: Int) throws(ParquetError) {
        let target = unsafe UnsafeMutableRawPointer(bytes.tail(count))
        try unsafe source.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe target.copyMemory(from: start, byteCount: count)
        }
        bytes.commit(count)
    }

    private mutating func appendEnds(_ count: Int, _ end: (Int) -> Int) {
        let target = unsafe ends.tail(count)
        for index in 0..<count { unsafe target[index] = Int32(end(index)) }
        ends.commit(count)
    }

    private mutating func appendSplit(_ source: ByteRegion, _ count: Int) throws(ParquetError) {
        let length = fixedLength ?? 0
        let (total, overflow) = count.multipliedReportingOverflow(by: length)
        guard !overflow, total <= source.count else { throw .truncated("a split page is cut") }
        let joined = try unsafe ByteRegion(count: total) { target throws(ParquetError) in
            try unsafe source.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe joinByteStreams(from, width: length, count: count, into: to)
            }
        }
        try appendFixed(joined, count, length)
    }

    private mutating func appendIndexed(_ source: ByteRegion, _ count: Int) throws(ParquetError) {
        guard let dictionary else { throw .corrupt("a page needs a dictionary that is missing") }
        let indexes = try dictionaryIndexes(source, count: count, dictionaryCount: dictionary.count)
        let start = bytes.count
        let total = unsafe dictionary.offsets.withUnsafeBufferPointer { offsets in
            unsafe indexes.withUnsafeBufferPointer { indexes in
                unsafe offsets.baseAddress.map { unsafe totalLength($0, indexes) } ?? 0
            }
        }
        try checkRoom(for: total)
        let bytesTail = unsafe bytes.tail(total)
        let endsTail = unsafe ends.tail(count)
        unsafe dictionary.gather(indexes, start: start, bytes: bytesTail, ends: endsTail)
        bytes.commit(total)
        ends.commit(count)
    }

    private mutating func appendDeltaLengths(
        _ source: ByteRegion, _ count: Int
    ) throws(ParquetError) {
        let (lengths, total, textStart) = try decodeLengths(source, count)
        try checkRoom(for: total)
        let text = try source.slice(from: textStart, count: total)
        var end = bytes.count
        try copy(text, total)
        appendEnds(count) { index in
            end += Int(lengths[index])
            return end
        }
    }

    private mutating func appendPrefixed(_ source: ByteRegion, _ count: Int) throws(ParquetError) {
        let (prefixes, prefixTotal, prefixEnd) = try decodeLengths(source, count)
        let rest = try source.suffix(from: prefixEnd)
        let (lengths, suffixTotal, suffixEnd) = try decodeLengths(rest, count)
        let suffixes = try rest.slice(from: suffixEnd, count: suffixTotal)
        let total = prefixTotal + suffixTotal
        try checkRoom(for: total)
        let start = bytes.count
        let bytesTail = unsafe bytes.tail(total)
        let endsTail = unsafe ends.tail(count)
        let isValid = try unsafe suffixes.withUnsafeBytes { suffixes in
            unsafe prefixes.withUnsafeBufferPointer { prefixes in
                unsafe lengths.withUnsafeBufferPointer { lengths in
                    unsafe joinPrefixes(
                        prefixes, lengths, suffixes, start: start, bytes: bytesTail,
                        ends: endsTail)
                }
            }
        }
        guard isValid else { throw .corrupt("a string's prefix is longer than the string before") }
        bytes.commit(total)
        ends.commit(count)
    }

    mutating func spread(dense: Int, levels: FixedValues<UInt8>) {
        let first = ends.count - dense
        let start = unsafe ends.pointer(from: first - 1)[0]
        _ = unsafe ends.tail(levels.count - dense)
        ends.commit(levels.count - dense)
        let target = unsafe ends.pointer(from: first)
        unsafe levels.withUnsafeBufferPointer { levels in
            unsafe spreadEnds(target, dense: dense, levels: levels, start: start)
        }
    }

    consuming func finish() -> Column.Storage { .bytes(finishBytes()) }

    private consuming func finishBytes() -> BytesValues {
        BytesValues(offsets: ends.finish(), bytes: bytes.finish())
    }
}

extension BytesValues {
    /// Copies the strings at `indexes`, which were checked.
    fileprivate func gather(
        _ indexes: FixedValues<UInt32>, start: Int,
        bytes target: UnsafeMutablePointer<UInt8>, ends: UnsafeMutablePointer<Int32>
    ) {
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe offsets.withUnsafeBufferPointer { offsets in
                unsafe indexes.withUnsafeBufferPointer { indexes in
                    guard let source = source.baseAddress, let offsets = offsets.baseAddress
                    else { return }
                    unsafe gatherStrings(
                        source, offsets, indexes, start: start, bytes: target, ends: ends)
                }
            }
        }
    }
}

/// Delta-encoded lengths, none negative, their sum and where they end in `source`.
private func decodeLengths(
    _ source: ByteRegion, _ count: Int
) throws(ParquetError) -> (lengths: FixedValues<Int32>, total: Int, end: Int) {
    var decoder = DeltaBinaryPacked(source)
    var lengths = GrowingValues<Int32>(capacity: count)
    try unsafe decoder.decode(
        into: UnsafeMutableBufferPointer(start: lengths.tail(count), count: count))
    lengths.commit(count)
    let result = lengths.finish()
    var total = 0
    for index in 0..<count {
        guard result[index] >= 0 else { throw .corrupt("a string of length \(result[index])") }
        total += Int(result[index])
    }
    return (result, total, decoder.position)
}

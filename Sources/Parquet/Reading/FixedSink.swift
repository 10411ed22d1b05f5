import Columns

/// An element that a `FixedSink` decodes to.
protocol FixedElement: BitwiseCopyable, Sendable {
    static var zero: Self { get }
    static func storage(_ values: FixedValues<Self>) -> Column.Storage
    /// Brings freshly decoded values to the one representation of equal values.
    static func canonicalize(_ values: UnsafeMutableBufferPointer<Self>)
    /// Decodes delta-encoded values; false when the type has no such encoding.
    static func decodeDeltas(
        _ decoder: inout DeltaBinaryPacked, into target: UnsafeMutableBufferPointer<Self>
    ) throws(ParquetError) -> Bool
}

extension FixedElement {
    static func canonicalize(_ values: UnsafeMutableBufferPointer<Self>) {}

    static func decodeDeltas(
        _ decoder: inout DeltaBinaryPacked, into target: UnsafeMutableBufferPointer<Self>
    ) throws(ParquetError) -> Bool { false }
}

/// Booleans, a byte each until they are finished.
extension UInt8: FixedElement {
    static func storage(_ values: FixedValues<UInt8>) -> Column.Storage {
        .bits(Bitmap(packing: values))
    }
}

extension Int32: FixedElement {
    static func storage(_ values: FixedValues<Int32>) -> Column.Storage { .int32(values) }

    static func decodeDeltas(
        _ decoder: inout DeltaBinaryPacked, into target: UnsafeMutableBufferPointer<Int32>
    ) throws(ParquetError) -> Bool {
        try unsafe decoder.decode(into: target)
        return true
    }
}

extension Int64: FixedElement {
    static func storage(_ values: FixedValues<Int64>) -> Column.Storage { .int64(values) }

    static func decodeDeltas(
        _ decoder: inout DeltaBinaryPacked, into target: UnsafeMutableBufferPointer<Int64>
    ) throws(ParquetError) -> Bool {
        try unsafe decoder.decode(into: target)
        return true
    }
}

extension Float: FixedElement {
    static func storage(_ values: FixedValues<Float>) -> Column.Storage { .float(values) }
    static func canonicalize(_ values: UnsafeMutableBufferPointer<Float>) {
        unsafe Parquet.canonicalize(values)
    }
}

extension Double: FixedElement {
    static func storage(_ values: FixedValues<Double>) -> Column.Storage { .double(values) }
    static func canonicalize(_ values: UnsafeMutableBufferPointer<Double>) {
        unsafe Parquet.canonicalize(values)
    }
}

extension Bitmap {
    /// A bit per byte of `flags`, which are 0 or 1.
    init(packing flags: FixedValues<UInt8>) {
        let buffer = Buffer(capacity: (flags.count + 63) / 64 * 8)
        unsafe flags.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe packFlags(start, count: source.count, into: buffer.pointer(to: UInt64.self))
        }
        self.init(
            words: FixedValues(buffer, count: (flags.count + 63) / 64), count: flags.count)
    }
}

/// Decodes the pages of a leaf of fixed width.
struct FixedSink<Element: FixedElement>: ValueSink, ~Copyable {
    /// How PLAIN pages hold the values.
    enum Layout {
        case native
        /// Booleans, 8 to a byte.
        case bits
        /// 12-byte times; the element is `Int64`.
        case int96
    }

    private let layout: Layout
    private var values: GrowingValues<Element>
    private var dictionary: FixedValues<Element>?

    init(layout: Layout = .native, capacity: Int) {
        precondition(layout != .int96 || Element.self == Int64.self)
        self.layout = layout
        values = GrowingValues(capacity: capacity)
    }

    var count: Int { values.count }

    mutating func setDictionary(_ bytes: ByteRegion, count: Int) throws(ParquetError) {
        var sink = FixedSink(layout: layout, capacity: min(count, bytes.count * 8))
        try sink.appendPlain(bytes, count)
        dictionary = sink.values.finish()
    }

    mutating func append(
        _ encoding: Encoding, _ bytes: ByteRegion, count: Int
    ) throws(ParquetError) {
        switch encoding {
        case .plain: try appendPlain(bytes, count)
        case .plainDictionary, .rleDictionary: try appendIndexed(bytes, count)
        case .deltaBinaryPacked: try appendDeltas(bytes, count)
        case .byteStreamSplit where layout == .native: try appendSplit(bytes, count)
        case .rle where layout == .bits: try appendRuns(bytes, count)
        default: throw .unsupported("encoding \(encoding) of a column of this type is not read")
        }
    }

    private mutating func appendPlain(_ bytes: ByteRegion, _ count: Int) throws(ParquetError) {
        try checkSize(bytes, count)
        let target = unsafe UnsafeMutableBufferPointer(start: values.tail(count), count: count)
        try unsafe decodePlain(bytes, layout, into: target)
        values.commit(count)
    }

    private func checkSize(_ bytes: ByteRegion, _ count: Int) throws(ParquetError) {
        let bits =
            switch layout {
            case .native: MemoryLayout<Element>.stride * 8
            case .bits: 1
            case .int96: 96
            }
        let (total, overflow) = count.multipliedReportingOverflow(by: bits)
        guard !overflow, total <= bytes.count * 8 else {
            throw .truncated("\(count) values of \(bits) bits do not fit \(bytes.count) bytes")
        }
    }

    private mutating func appendIndexed(_ bytes: ByteRegion, _ count: Int) throws(ParquetError) {
        guard let dictionary else { throw .corrupt("a page needs a dictionary that is missing") }
        let indexes = try dictionaryIndexes(bytes, count: count, dictionaryCount: dictionary.count)
        let target = unsafe values.tail(count)
        unsafe dictionary.withUnsafeBufferPointer { dictionary in
            unsafe indexes.withUnsafeBufferPointer { indexes in
                guard let source = dictionary.baseAddress else { return }
                unsafe gather(source, indexes, into: target)
            }
        }
        values.commit(count)
    }

    private mutating func appendDeltas(_ bytes: ByteRegion, _ count: Int) throws(ParquetError) {
        var decoder = DeltaBinaryPacked(bytes)
        let target = unsafe UnsafeMutableBufferPointer(start: values.tail(count), count: count)
        guard try unsafe Element.decodeDeltas(&decoder, into: target) else {
            throw .corrupt("delta-encoded values in a column that has no integers")
        }
        values.commit(count)
    }

    private mutating func appendSplit(_ bytes: ByteRegion, _ count: Int) throws(ParquetError) {
        try checkSize(bytes, count)
        let target = unsafe UnsafeMutableBufferPointer(start: values.tail(count), count: count)
        try unsafe bytes.withUnsafeBytes { source in
            guard let source = source.baseAddress, let start = target.baseAddress else { return }
            unsafe joinByteStreams(
                source, width: MemoryLayout<Element>.stride, count: count, into: start)
        }
        unsafe Element.canonicalize(target)
        values.commit(count)
    }

    /// Booleans as runs, behind the size of the runs.
    private mutating func appendRuns(_ bytes: ByteRegion, _ count: Int) throws(ParquetError) {
        let runs = try bytes.slice(from: 4, count: Int(try bytes.unsigned32(at: 0)))
        let flags = unsafe UnsafeMutableRawBufferPointer(start: values.tail(count), count: count)
            .bindMemory(to: UInt8.self)
        try unsafe runs.withUnsafeBytes { source throws(ParquetError) in
            try unsafe decodeHybrid(source, width: 1, into: flags)
        }
        values.commit(count)
    }

    mutating func spread(dense: Int, levels: FixedValues<UInt8>) {
        let start = values.count - dense
        _ = unsafe values.tail(levels.count - dense)
        values.commit(levels.count - dense)
        let target = unsafe values.pointer(from: start)
        unsafe levels.withUnsafeBufferPointer { levels in
            unsafe Parquet.spread(target, dense: dense, levels: levels, filler: Element.zero)
        }
    }

    consuming func finish() -> Column.Storage { Element.storage(values.finish()) }
}

/// Decodes PLAIN values; `bytes` are long enough for `target`.
private func decodePlain<Element: FixedElement>(
    _ bytes: ByteRegion, _ layout: FixedSink<Element>.Layout,
    into target: UnsafeMutableBufferPointer<Element>
) throws(ParquetError) {
    guard let start = target.baseAddress, !target.isEmpty else { return }
    let raw = UnsafeMutableRawPointer(start)
    try unsafe bytes.withUnsafeBytes { source in
        guard let source = source.baseAddress else { return }
        switch layout {
        case .native:
            unsafe raw.copyMemory(
                from: source, byteCount: target.count * MemoryLayout<Element>.stride)
            unsafe Element.canonicalize(target)
        case .bits:
            unsafe unpackBits(
                source, width: 1, count: target.count,
                into: raw.assumingMemoryBound(to: UInt8.self))
        case .int96:
            unsafe convertInt96(
                source, count: target.count, into: raw.assumingMemoryBound(to: Int64.self))
        }
    }
}

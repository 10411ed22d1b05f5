/// Complete records of a CSV file, ready to be parsed by any worker.
struct CSVBlock: Sendable {
    /// The bytes from the first byte of a record to the last of another.
    let bytes: [UInt8]
    /// The line of the file that the first byte is on, counted from 1.
    let firstLine: Int
}

/// Cuts a CSV file into blocks of complete records.
///
/// A line feed inside quotes belongs to its field, so where a record ends is known only to one who
/// read from the start; that reading is done here, once, and the rest of the work runs in parallel.
/// Blocks depend on the file alone, never on the number of workers.
struct CSVBlockReader: ~Copyable {
    /// How many bytes are read at a time; a block is at most that and one record.
    static let defaultBlockSize = 4 << 20
    /// A record beyond this is an unclosed quote rather than data.
    static let recordLimit = 64 << 20

    private let file: GzipFile
    private let path: String
    private let blockSize: Int
    private var pending: [UInt8]
    private var line: Int
    private var isAtEnd: Bool

    /// Opens the file at `path` and skips a byte order mark.
    init(path: String, blockSize: Int = defaultBlockSize) throws(JobError) {
        let file = try GzipFile(path: path)
        var start: [UInt8] = []
        try file.read(max(blockSize, 3), appendingTo: &start)
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { start.removeFirst(3) }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
            throw JobError(
                .usage, "\(path) is UTF-16 text", hint: "save it as UTF-8 and import it again")
        }
        self.file = file
        self.path = path
        self.blockSize = blockSize
        pending = start
        line = 1
        isAtEnd = false
    }

    /// The next records, or nil after the last.
    mutating func next() throws(JobError) -> CSVBlock? {
        while !isAtEnd {
            if let end = endOfLastRecord(in: pending.span) { return take(end) }
            try readMore()
        }
        return pending.isEmpty ? nil : take(pending.count)
    }

    /// The next blocks, at most `count`; none after the last record.
    mutating func next(_ count: Int) throws(JobError) -> [CSVBlock] {
        var blocks: [CSVBlock] = []
        while blocks.count < count, let block = try next() { blocks.append(block) }
        return blocks
    }

    /// The first record alone, or nil in an empty file.
    mutating func firstRecord() throws(JobError) -> CSVBlock? {
        while true {
            if let end = endOfFirstRecord(in: pending.span) { return take(end) }
            if isAtEnd { return pending.isEmpty ? nil : take(pending.count) }
            try readMore()
        }
    }

    private mutating func readMore() throws(JobError) {
        guard pending.count < Self.recordLimit else {
            throw JobError(
                .dataQuality,
                "\(path):\(line): the record that begins here is longer than 64 MiB",
                hint: "a quote is probably never closed; close it or double it")
        }
        let before = pending.count
        try file.read(blockSize, appendingTo: &pending)
        isAtEnd = pending.count == before
    }

    private mutating func take(_ count: Int) -> CSVBlock {
        let block = CSVBlock(bytes: Array(pending[..<count]), firstLine: line)
        pending.removeFirst(count)
        line += lineCount(of: block.bytes.span)
        return block
    }
}

private enum CSVState {
    case fieldStart
    case plain
    case quoted
    case quoteInQuoted
}

/// The state after `byte`; nil when the byte ends the record.
@inline(__always)
private func advance(_ state: CSVState, over byte: UInt8) -> CSVState? {
    if state == .quoted { return byte == CSVByte.quote ? .quoteInQuoted : .quoted }
    switch byte {
    case CSVByte.comma: return .fieldStart
    case CSVByte.lineFeed, CSVByte.carriageReturn: return nil
    case CSVByte.quote where state == .fieldStart || state == .quoteInQuoted: return .quoted
    default: return .plain
    }
}

/// The end of the last complete record, after its line end; nil when there is none. A final
/// carriage return is no end yet: a line feed may follow it.
private func endOfLastRecord(in bytes: Span<UInt8>) -> Int? {
    var end: Int?
    var state = CSVState.fieldStart
    for index in 0..<bytes.count {
        if let following = advance(state, over: bytes[index]) {
            state = following
        } else {
            state = .fieldStart
            if bytes[index] == CSVByte.lineFeed || index + 1 < bytes.count { end = index + 1 }
        }
    }
    return end
}

private func endOfFirstRecord(in bytes: Span<UInt8>) -> Int? {
    var state = CSVState.fieldStart
    for index in 0..<bytes.count {
        if let following = advance(state, over: bytes[index]) {
            state = following
        } else if bytes[index] == CSVByte.lineFeed {
            return index + 1
        } else if index + 1 < bytes.count {
            return bytes[index + 1] == CSVByte.lineFeed ? index + 2 : index + 1
        }
    }
    return nil
}

/// How many lines end in `bytes`: CR, LF and CRLF count once.
private func lineCount(of bytes: Span<UInt8>) -> Int {
    var count = 0
    for index in 0..<bytes.count {
        let follows = index > 0 && bytes[index - 1] == CSVByte.carriageReturn
        if bytes[index] == CSVByte.carriageReturn { count += 1 }
        if bytes[index] == CSVByte.lineFeed, !follows { count += 1 }
    }
    return count
}

/// Reads requests from the bytes of one connection (RFC 9110, RFC 9112), however they are cut.
///
/// A strict reader: one that repairs what two readers could read differently is how requests are
/// smuggled. Lines end with CR LF and nothing else, a body is framed by exactly one
/// Content-Length or exactly one `Transfer-Encoding: chunked`, folded fields are refused, trailers
/// are checked and dropped.
///
/// Bytes are kept until they are used; `searched` remembers how far the end of the current line
/// was looked for, so that a head that comes byte by byte is scanned once. The memory of a
/// connection is bounded by the limits: head and body of one request, and what came with them.
public struct HTTPRequestParser: Sendable {
    /// What the bytes so far amount to.
    public enum Event: Sendable {
        /// The client waits for `100 Continue` before it sends the body.
        case awaitsContinue
        /// A whole request.
        case request(HTTPRequest)
    }

    /// How far the current request has been read.
    public enum Phase: Hashable, Sendable {
        /// Nothing of a request has come.
        case idle
        /// The head has begun.
        case head
        /// The head is whole, the body is not.
        case body
    }

    private enum State {
        case requestLine
        case fields
        case fixedBody(Int)
        case chunkLine
        case chunkData(Int)
        case chunkEnd
        case trailers
        case refused(HTTPRefusal)
    }

    private let limits: HTTPLimits
    private var buffer: [UInt8] = []
    private var position = 0
    private var searched = 0
    private var state = State.requestLine
    private var hasSkippedEmptyLine = false
    private var headCount = 0
    private var extensionCount = 0
    private var trailerCount = 0
    private var line: RequestLine?
    private var fields = HeaderFields()
    private var continueIsDue = false
    private var body: [UInt8] = []

    /// Starts before the first byte of a connection.
    public init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    /// How far the current request has been read.
    public var phase: Phase {
        switch state {
        case .requestLine:
            return position < buffer.count || hasSkippedEmptyLine ? .head : .idle
        case .fields: return .head
        default: return .body
        }
    }

    /// How many bytes are kept that no request has used.
    public var unusedCount: Int { buffer.count - position }

    /// Adds bytes that came from the network. Complexity: O(number of bytes), amortised.
    @inlinable
    public mutating func append(_ bytes: some Collection<UInt8>) {
        makeRoom()
        add(bytes)
    }

    @usableFromInline
    mutating func makeRoom() {
        // Moving the rest to the front only when at least half is used keeps this linear.
        guard position > 0, position >= buffer.count / 2 else { return }
        buffer.removeFirst(position)
        searched -= position
        position = 0
    }

    @usableFromInline
    mutating func add(_ bytes: some Collection<UInt8>) { buffer.append(contentsOf: bytes) }

    /// The next event, or nil when more bytes are needed.
    ///
    /// - Throws: the refusal that ends the connection; every later call throws the same.
    public mutating func next() throws(HTTPRefusal) -> Event? {
        do {
            return try step()
        } catch {
            state = .refused(error)
            throw error
        }
    }

    private mutating func step() throws(HTTPRefusal) -> Event? {
        while true {
            switch state {
            case .requestLine:
                guard let line = try nextLine(of: .requestLine) else { return nil }
                try readRequestLine(line)
            case .fields:
                guard let line = try nextLine(of: .fields) else { return nil }
                if line.isEmpty { try finishHead() } else { try readField(line) }
            case .fixedBody, .chunkLine, .chunkData, .chunkEnd, .trailers:
                if continueIsDue {
                    continueIsDue = false
                    if unusedCount == 0 { return .awaitsContinue }
                }
                guard let isWhole = try readBody() else { return nil }
                if isWhole { return .request(try finishRequest()) }
            case .refused(let refusal): throw refusal
            }
        }
    }
}

extension HTTPRequestParser {
    private enum LineKind { case requestLine, fields, chunk }

    /// The next line without its end, or nil when it is not whole yet.
    private mutating func nextLine(of kind: LineKind) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        guard position < buffer.count else { return nil }
        if kind == .requestLine { try checkFirstByte() }
        let end = buffer[searched...].firstIndex(of: ASCII.lineFeed)
        searched = end ?? buffer.count
        try check(count: searched - position, of: kind)
        guard let end else { return nil }
        guard end > position, buffer[end - 1] == ASCII.carriageReturn else {
            throw HTTPRefusal(.badRequest, "a line ends with LF alone; it must end with CR LF")
        }
        let line = buffer[position..<(end - 1)]
        position = end + 1
        searched = position
        if kind != .chunk { headCount += line.count + 2 }
        return line
    }

    /// Refuses what cannot become a request at once, such as the greeting of TLS.
    private func checkFirstByte() throws(HTTPRefusal) {
        let first = buffer[position]
        if ByteSet.token.contains(first) { return }
        guard first == ASCII.carriageReturn, !hasSkippedEmptyLine else {
            throw HTTPRefusal(.badRequest, "a request begins with a method; is this plain HTTP?")
        }
    }

    private func check(count: Int, of kind: LineKind) throws(HTTPRefusal) {
        switch kind {
        case .requestLine where count > limits.requestLine:
            throw HTTPRefusal(
                .uriTooLong, "the request line is longer than \(limits.requestLine) bytes")
        case .requestLine, .fields:
            if headCount + count > limits.head {
                throw HTTPRefusal(
                    .requestHeaderFieldsTooLarge,
                    "the header fields take more than \(limits.head) bytes")
            }
        case .chunk:
            if count > limits.chunkLine {
                throw HTTPRefusal(
                    .badRequest, "a chunk's size line is longer than \(limits.chunkLine) bytes")
            }
        }
    }

    private mutating func readRequestLine(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        if line.isEmpty {
            // RFC 9112 section 2.2: an empty line before the request line is skipped, once.
            guard !hasSkippedEmptyLine else {
                throw HTTPRefusal(.badRequest, "two empty lines stand before the request")
            }
            hasSkippedEmptyLine = true
            return
        }
        self.line = try RequestLine(line)
        state = .fields
    }

    private mutating func readField(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        if line.first == ASCII.space || line.first == ASCII.tab {
            throw HTTPRefusal(.badRequest, "a header line begins with a blank: folding is refused")
        }
        let (name, value) = try HeaderFields.split(line)
        try fields.add(name: name, value: value)
        try checkFields(count: fields.count)
    }

    private func checkFields(count: Int) throws(HTTPRefusal) {
        guard count <= limits.fields else {
            throw HTTPRefusal(
                .requestHeaderFieldsTooLarge, "there are more than \(limits.fields) header fields")
        }
    }

    private mutating func finishHead() throws(HTTPRefusal) {
        guard let line else { return }
        switch try fields.framing(minorVersion: line.minorVersion) {
        case .none: state = .fixedBody(0)
        case .chunked: state = .chunkLine
        case .length(let length):
            try checkBody(count: length)
            state = .fixedBody(length)
        }
        if case .fixedBody(0) = state { return }
        continueIsDue = fields.expectsContinue && line.minorVersion > 0
    }

    private func checkBody(count: Int) throws(HTTPRefusal) {
        guard count <= limits.body else {
            throw HTTPRefusal(
                .contentTooLarge,
                "the body is longer than \(limits.body) bytes; send several requests")
        }
    }
}

extension HTTPRequestParser {
    /// Reads on in the body: true when it is whole, false after a step, nil when bytes are missing.
    private mutating func readBody() throws(HTTPRefusal) -> Bool? {
        switch state {
        case .fixedBody(0): return true
        case .fixedBody(let left):
            guard unusedCount > 0 else { return nil }
            let count = min(left, unusedCount)
            takeBody(count)
            state = .fixedBody(left - count)
        case .chunkLine:
            guard let line = try nextLine(of: .chunk) else { return nil }
            try readChunkLine(line)
        case .chunkData(let left):
            guard unusedCount > 0 else { return nil }
            let count = min(left, unusedCount)
            takeBody(count)
            state = count == left ? .chunkEnd : .chunkData(left - count)
        case .chunkEnd:
            guard try skipLineEnd() else { return nil }
            state = .chunkLine
        case .trailers:
            guard let line = try nextLine(of: .fields) else { return nil }
            if line.isEmpty { return true }
            try dropTrailer(line)
        case .requestLine, .fields, .refused: return nil
        }
        return false
    }

    private mutating func takeBody(_ count: Int) {
        if body.isEmpty { body.reserveCapacity(count + HTTPRequest.paddingBytes) }
        body += buffer[position..<(position + count)]
        position += count
        searched = position
    }

    private mutating func readChunkLine(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        let chunk = try ChunkLine(line)
        extensionCount += chunk.extensionCount
        guard extensionCount <= limits.chunkExtensions else {
            throw HTTPRefusal(
                .badRequest, "chunk extensions take more than \(limits.chunkExtensions) bytes")
        }
        let (total, overflow) = body.count.addingReportingOverflow(chunk.size)
        try checkBody(count: overflow ? .max : total)
        if chunk.size > 0 {
            state = .chunkData(chunk.size)
        } else {
            state = .trailers
            headCount = 0
        }
    }

    private mutating func skipLineEnd() throws(HTTPRefusal) -> Bool {
        let end = buffer[position...].prefix(2)
        guard [ASCII.carriageReturn, ASCII.lineFeed].starts(with: end) else {
            throw HTTPRefusal(.badRequest, "the data of a chunk is longer than its size says")
        }
        guard end.count == 2 else { return false }
        position += 2
        searched = position
        return true
    }

    /// A trailer is checked like a header field and then forgotten: none may change the request,
    /// and one that would have, had it stood in the head, is refused.
    private mutating func dropTrailer(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        if line.first == ASCII.space || line.first == ASCII.tab {
            throw HTTPRefusal(.badRequest, "a trailer begins with a blank: folding is refused")
        }
        let (name, _) = try HeaderFields.split(line)
        guard !HeaderFields.frames(name) else {
            throw HTTPRefusal(.badRequest, "\(name.shown) must not be a trailer")
        }
        trailerCount += 1
        try checkFields(count: trailerCount)
    }

    private mutating func finishRequest() throws(HTTPRefusal) -> HTTPRequest {
        guard let line else {
            throw HTTPRefusal(.internalServerError, "a body came without a request line")
        }
        let framing = try fields.framing(minorVersion: line.minorVersion)
        body.reserveCapacity(body.count + HTTPRequest.paddingBytes)
        let request = HTTPRequest(
            method: line.method, path: line.target.path, query: line.target.query,
            minorVersion: line.minorVersion,
            keepsAlive: line.method != .connect
                && fields.keepsAlive(minorVersion: line.minorVersion),
            hasBody: framing != .none, body: body)
        state = .requestLine
        (self.line, fields, body) = (nil, HeaderFields(), [])
        (headCount, extensionCount, trailerCount) = (0, 0, 0)
        (hasSkippedEmptyLine, continueIsDue) = (false, false)
        return request
    }
}

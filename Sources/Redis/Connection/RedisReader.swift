import CHiredis

/// hiredis' parser of answers: bytes go in as they come, whole answers come out.
@safe
public struct RedisReader: ~Copyable {
    private let pointer: UnsafeMutablePointer<redisReader>

    /// A parser that has seen nothing.
    public init() throws(RedisError) {
        guard let created = unsafe redisReaderCreate() else {
            throw RedisError(.disconnected, "no memory for a connection to Redis")
        }
        unsafe pointer = created
    }

    deinit { unsafe redisReaderFree(pointer) }

    /// Takes bytes that the server sent.
    public func feed(_ bytes: Span<UInt8>) throws(RedisError) {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return unsafe redisReaderFeed(pointer, start, bytes.count)
        }
        guard result == REDIS_OK else { throw failure }
    }

    /// The next answer, or nil when more bytes are needed.
    ///
    /// - Throws: `protocolViolation` for bytes that are not the protocol; the parser is of no more
    ///   use then.
    public func next() throws(RedisError) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(pointer, &object) == REDIS_OK else { throw failure }
        guard let object = unsafe object else { return nil }
        defer { unsafe freeReplyObject(object) }
        return try unsafe RedisReply(object.assumingMemoryBound(to: redisReply.self))
    }

    private var failure: RedisError {
        let text = unsafe withUnsafeBytes(of: &pointer.pointee.errstr) { characters in
            unsafe String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(
            .protocolViolation, "what answers is no Redis: \(text)",
            hint: "check the address and whether the server wants TLS (rediss://)")
    }
}

extension RedisReply {
    /// A copy of what hiredis parsed.
    fileprivate init(_ reply: UnsafePointer<redisReply>) throws(RedisError) {
        switch unsafe reply.pointee.type {
        case REDIS_REPLY_STRING: self = unsafe .bytes(Self.bytes(of: reply))
        case REDIS_REPLY_INTEGER: self = unsafe .integer(reply.pointee.integer)
        case REDIS_REPLY_NIL: self = .null
        case REDIS_REPLY_STATUS:
            self = unsafe .status(String(decoding: Self.bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            self = unsafe .error(String(decoding: Self.bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            var elements: [RedisReply] = []
            for index in unsafe 0..<reply.pointee.elements {
                guard let element = unsafe reply.pointee.element[index] else {
                    throw RedisError(.protocolViolation, "Redis sent an array with a hole")
                }
                elements.append(try unsafe RedisReply(element))
            }
            self = .array(elements)
        default:
            throw RedisError(
                .protocolViolation, "Redis sent an answer of type \(unsafe reply.pointee.type)")
        }
    }

    private static func bytes(of reply: UnsafePointer<redisReply>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len))
    }
}

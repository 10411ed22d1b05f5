import Server

/// What a parser made of a run of bytes.
struct ParsedRequests: Equatable, CustomStringConvertible {
    var requests: [String] = []
    var refusal: HTTPRefusal?
    var continues = 0

    /// Feeds `pieces` one after the other, until a request ends the connection.
    init(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTPRequestParser(limits: limits)
        do {
            for piece in pieces {
                parser.append(piece)
                while let event = try parser.next() {
                    switch event {
                    case .awaitsContinue: continues += 1
                    case .request(let request):
                        requests.append(Self.text(of: request))
                        if !request.keepsAlive { return }
                    }
                }
            }
        } catch {
            refusal = error
        }
    }

    init(_ text: String, limits: HTTPLimits = HTTPLimits()) {
        self.init([[UInt8](text.utf8)[...]], limits: limits)
    }

    var description: String {
        "\(requests) \(refusal.map { "\($0.status.rawValue) \($0.message)" } ?? "")"
    }

    static func text(of request: HTTPRequest) -> String {
        let query = request.query.map { "?\($0)" } ?? ""
        let body = String(decoding: request.body, as: UTF8.self)
        return "\(request.keepsAlive ? "" : "!")\(request.method.rawValue) "
            + "\(request.path)\(query) \(body)"
    }
}

/// `bytes` cut at random places.
func randomPieces(
    of bytes: [UInt8], using generator: inout some RandomNumberGenerator
) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 1...40, using: &generator))
        pieces.append(bytes[start..<end])
        start = end
    }
    return pieces
}

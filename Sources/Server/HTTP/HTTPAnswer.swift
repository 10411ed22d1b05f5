/// What is said about a body when it is sent.
struct HTTPAnswer {
    enum ContentType: String {
        case json = "application/json"
        case metrics = "text/plain; version=0.0.4; charset=utf-8"
    }

    var status = HTTPStatus.ok
    var contentType = ContentType.json
    /// The methods that the target takes, for 405.
    var allow: String?

    /// Appends the whole message to `output`.
    ///
    /// - Parameters:
    ///   - body: the content.
    ///   - sendsBody: false for HEAD, whose answer only says how long the body would be.
    ///   - date: the value of the Date field.
    ///   - connection: the value of the Connection field, where one is needed.
    ///   - output: where to.
    func append(
        body: [UInt8], sendsBody: Bool, date: String, connection: String?,
        to output: inout [UInt8]
    ) {
        output += "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: \(date)".utf8
        output += "\r\nContent-Type: \(contentType.rawValue)".utf8
        output += "\r\nContent-Length: \(body.count)".utf8
        if let allow { output += "\r\nAllow: \(allow)".utf8 }
        if status == .serviceUnavailable { output += "\r\nRetry-After: 1".utf8 }
        if let connection { output += "\r\nConnection: \(connection)".utf8 }
        output += "\r\n\r\n".utf8
        if sendsBody { output += body }
    }
}

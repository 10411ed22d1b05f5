import Server

/// Requests with what becomes of them.
enum RequestCorpus {
    /// A request that RFC 9110 or RFC 9112 forbids, or that this server refuses on purpose.
    struct Forbidden: Sendable {
        let name: String
        let text: String
        let status: HTTPStatus

        init(_ name: String, _ text: String, _ status: HTTPStatus = .badRequest) {
            (self.name, self.text, self.status) = (name, text, status)
        }
    }

    /// Bytes that are one or more whole requests.
    struct Legal: Sendable {
        let name: String
        let text: String
        /// `METHOD path body` of each, with `!` before it when the connection ends with it.
        let requests: [String]

        init(_ name: String, _ text: String, _ requests: String...) {
            (self.name, self.text, self.requests) = (name, text, requests)
        }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n"
    private static let post = "POST /p HTTP/1.1\r\nHost: a\r\n"
    private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

    private static func encoded(_ value: String) -> String {
        post + "Transfer-Encoding: \(value)\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    }

    private static func sized(_ value: String) -> String {
        post + "Content-Length: \(value)\r\n\r\nhello"
    }

    static let framing: [Forbidden] = [
        .init("TE gzip", encoded("gzip")),
        .init("TE chunked, gzip", encoded("chunked, gzip")),
        .init("TE gzip, chunked", encoded("gzip, chunked"), .notImplemented),
        .init("TE xchunked", encoded("xchunked")),
        .init("TE quoted", encoded("\"chunked\"")),
        .init("TE chunked, chunked", encoded("chunked, chunked")),
        .init("TE empty", encoded("")),
        .init("TE with a parameter", encoded("chunked;a=b")),
        .init("TE with a leading comma", encoded(",chunked")),
        .init("TE with a vertical tab", encoded("\u{0B}chunked")),
        .init("TE identity", encoded("identity")),
        .init(
            "TE twice",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init(
            "TE gzip and CL",
            post + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
        .init(
            "TE then CL",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        .init(
            "CL then TE",
            post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init(
            "TE in HTTP/1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init("TE name with a blank", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        .init("TE folded", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        .init("CR then TE", post + "A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init("CL differing", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        .init("CL equal twice", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        .init("CL list", sized("5, 5")),
        .init("CL plus", sized("+5")),
        .init("CL minus", sized("-5")),
        .init("CL hexadecimal", sized("0x5")),
        .init("CL with a blank inside", sized("5 0")),
        .init("CL empty", sized("")),
        .init("CL decimal", sized("5.0")),
        .init("CL of 2^64", sized("18446744073709551616"), .contentTooLarge),
        .init("CL of 2^64 + 5", sized("18446744073709551621"), .contentTooLarge),
    ]

    static let chunks: [Forbidden] = [
        .init("chunk size overflow", chunked + "10000000000000005\r\nhello\r\n", .contentTooLarge),
        .init("chunk size 2^64 - 1", chunked + "FFFFFFFFFFFFFFFF\r\nhello\r\n", .contentTooLarge),
        .init("chunk size 0x5", chunked + "0x5\r\nhello\r\n0\r\n\r\n"),
        .init("chunk size +5", chunked + "+5\r\nhello\r\n0\r\n\r\n"),
        .init("chunk size -1", chunked + "-1\r\nhello\r\n0\r\n\r\n"),
        .init("chunk size after a blank", chunked + " 5\r\nhello\r\n0\r\n\r\n"),
        .init("chunk size before a blank", chunked + "5 \r\nhello\r\n0\r\n\r\n"),
        .init("chunk size empty", chunked + "\r\nhello\r\n0\r\n\r\n"),
        .init("chunk size with LF", chunked + "5\nhello\r\n0\r\n\r\n"),
        .init("chunk size with an underscore", chunked + "1_0\r\nhello\r\n0\r\n\r\n"),
        .init("chunk data without CR LF", chunked + "5\r\nhello0\r\n\r\n"),
        .init("chunk data with LF", chunked + "5\r\nhello\n0\r\n\r\n"),
        .init("chunk data too long", chunked + "5\r\nhello!\r\n0\r\n\r\n"),
        .init("LF in a quoted extension", chunked + "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"),
        .init("NUL in a quoted extension", chunked + "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n"),
        .init("extension without a name", chunked + "5;\r\nhello\r\n0\r\n\r\n"),
        .init("extension with an open quote", chunked + "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
        .init("CR in an extension", chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        .init(
            "extension of 300 bytes",
            chunked + "5;a=\(String(repeating: "x", count: 300))\r\nhello\r\n0\r\n\r\n"),
        .init(
            "extensions of 5000 bytes",
            chunked
                + String(repeating: "1;a=\(String(repeating: "x", count: 200))\r\nh\r\n", count: 25)
                + "0\r\n\r\n"),
        .init("CL in a trailer", chunked + "0\r\nContent-Length: 7\r\n\r\n"),
        .init("TE in a trailer", chunked + "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        .init("Connection in a trailer", chunked + "0\r\nConnection: close\r\n\r\n"),
        .init("Host in a trailer", chunked + "0\r\nHost: b\r\n\r\n"),
        .init("trailer without a colon", chunked + "0\r\nabc\r\n\r\n"),
        .init("trailer folded", chunked + "0\r\nA: b\r\n c\r\n\r\n"),
        .init("trailer with LF", chunked + "0\r\nA: b\n\r\n"),
        .init(
            "101 trailers",
            chunked + "0\r\n" + String(repeating: "A: b\r\n", count: 101) + "\r\n",
            .requestHeaderFieldsTooLarge),
    ]

    static let heads: [Forbidden] = [
        .init("no Host", "GET / HTTP/1.1\r\n\r\n"),
        .init("two Hosts", get + "Host: b\r\n\r\n"),
        .init("two equal Hosts", get + "Host: a\r\n\r\n"),
        .init("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        .init("Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        .init("Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        .init("Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        .init("Host with a port of letters", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        .init("Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        .init("target without a slash", "GET index HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target * with GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with #", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with a tab", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with NUL", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with an accent", "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with a blank", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with half a percent", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with quotes", "GET /\"a\" HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target ftp", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target http without a host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target http with a user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("authority with GET", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("CONNECT with a path", "CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("CONNECT without a port", "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("HTTP/0.9", "GET /\r\n\r\n"),
        .init("HTTP/0.9 written", "GET / HTTP/0.9\r\n\r\n", .httpVersionNotSupported),
        .init("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", .httpVersionNotSupported),
        .init("greeting of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .httpVersionNotSupported),
        .init("HTTP/1", "GET / HTTP/1\r\nHost: a\r\n\r\n"),
        .init("HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        .init("HTTP/1,1", "GET / HTTP/1,1\r\nHost: a\r\n\r\n"),
        .init("http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        .init("blank after the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        .init("two blanks after the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("tab after the method", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("method with a colon", "G:T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", .notImplemented),
        .init("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", .notImplemented),
        .init("blank before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("greeting of TLS", "\u{16}\u{3}\u{1}\u{2}"),
        .init("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("LF first", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        .init("LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        .init("LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        .init("CR in a value", get + "A: b\rc\r\n\r\n"),
        .init("NUL in a value", get + "A: b\0c\r\n\r\n"),
        .init("DEL in a value", get + "A: b\u{7F}c\r\n\r\n"),
        .init("escape in a value", get + "A: b\u{1B}c\r\n\r\n"),
        .init("NUL in a name", get + "A\0: b\r\n\r\n"),
        .init("blank before the colon", get + "A : b\r\n\r\n"),
        .init("blank inside a name", get + "A b: c\r\n\r\n"),
        .init("accent in a name", get + "\u{E9}: b\r\n\r\n"),
        .init("empty name", get + ": b\r\n\r\n"),
        .init("no colon", get + "abc\r\n\r\n"),
        .init("folded field", get + "A: b\r\n c\r\n\r\n"),
        .init("folded by a tab", get + "A: b\r\n\tc\r\n\r\n"),
        .init("fold before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        .init("unknown expectation", post + "Expect: gold\r\n\r\n", .expectationFailed),
        .init(
            "101 fields", get + String(repeating: "A: b\r\n", count: 100) + "\r\n",
            .requestHeaderFieldsTooLarge),
        .init(
            "a field of 17000 bytes", get + "A: \(String(repeating: "x", count: 17_000))\r\n\r\n",
            .requestHeaderFieldsTooLarge),
        .init(
            "a target of 9000 bytes",
            "GET /\(String(repeating: "x", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", .uriTooLong),
        .init("a body of 5 MB", sized("5000000"), .contentTooLarge),
        .init("a chunk of 5 MB", chunked + "4C4B40\r\n", .contentTooLarge),
    ]

    static let forbidden = framing + chunks + heads

    static let legal: [Legal] = [
        .init("plain", get + "\r\n", "GET / "),
        .init("a body", sized("5"), "POST /p hello"),
        .init("leading zeros of CL", sized("0005"), "POST /p hello"),
        .init("an empty body", post + "Content-Length: 0\r\n\r\n", "POST /p "),
        .init("chunks", chunked + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "POST /p hello world"),
        .init("TE in capitals", encoded("CHUNKED"), "POST /p hello"),
        .init("chunk size with zeros", chunked + "00005\r\nhello\r\n000\r\n\r\n", "POST /p hello"),
        .init(
            "chunk size in letters", chunked + "a\r\n0123456789\r\n0\r\n\r\n", "POST /p 0123456789"),
        .init(
            "chunk extensions", chunked + "5;a;b=c;d=\"e \\\" f\"\r\nhello\r\n0;z\r\n\r\n",
            "POST /p hello"),
        .init(
            "blanks around an extension", chunked + "5 ; a = b\r\nhello\r\n0\r\n\r\n",
            "POST /p hello"),
        .init(
            "trailers",
            chunked + "5\r\nhello\r\n0\r\nA: b\r\nDate: c\r\n\r\n",
            "POST /p hello"),
        .init("absolute form", "GET http://b:80/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x?y "),
        .init("absolute form without a path", "GET HTTP://b HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "),
        .init(
            "absolute form with a query", "GET http://b?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?y "),
        .init("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * "),
        .init("absolute OPTIONS", "OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * "),
        .init("authority form", "CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n", "!CONNECT b:443 "),
        .init(
            "percent-encoded", "GET /%C3%A9?q=%20 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%C3%A9?q=%20 "
        ),
        .init("one empty line first", "\r\n" + get + "\r\n", "GET / "),
        .init("HTTP/1.2 is answered as 1.1", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / "),
        .init("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "!GET / "),
        .init("HTTP/1.0 kept", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET / "),
        .init("close", get + "Connection: close\r\n\r\n", "!GET / "),
        .init("close in a list", get + "Connection: a, Close ,b\r\n\r\n", "!GET / "),
        .init(
            "close in a second line", get + "Connection: a\r\nConnection: close\r\n\r\n", "!GET / "),
        .init("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / "),
        .init("Host with a port", "GET / HTTP/1.1\r\nHost: a.b-c:6566\r\n\r\n", "GET / "),
        .init("Host IPv6", "GET / HTTP/1.1\r\nHost: [::1]:6566\r\n\r\n", "GET / "),
        .init("no blank after the colon", "GET / HTTP/1.1\r\nHost:a\r\nA:\tb\t \r\n\r\n", "GET / "),
        .init("high bytes in a value", get + "A: \u{E9}\r\n\r\n", "GET / "),
        .init("empty value", get + "A:\r\nB: \r\n\r\n", "GET / "),
        .init("99 more fields", get + String(repeating: "A: b\r\n", count: 99) + "\r\n", "GET / "),
        .init(
            "expectation", post + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nab",
            "POST /p ab"),
        .init(
            "pipelined", get + "\r\n" + sized("5") + get + "\r\n", "GET / ", "POST /p hello",
            "GET / "),
        .init(
            "pipelined after chunks", chunked + "5\r\nhello\r\n0\r\n\r\n" + get + "\r\n",
            "POST /p hello", "GET / "),
        .init("GET with a body", get + "Content-Length: 2\r\n\r\nab", "GET / ab"),
    ]
}

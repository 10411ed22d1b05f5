import TestSupport

/// Requests from a corpus, mutated: most are nearly right, which is where parsers differ.
struct RandomRequests {
    private var generator: SeededGenerator
    private let seeds: [[UInt8]]
    private let splices: [[UInt8]] = [
        "\r\n", "\n", "\r", " ", "\t", "\0", ":", ";", ",", "0", "5", "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "0\r\n\r\n", "chunked", "HTTP/1.1", "%",
        "Expect: 100-continue\r\n", "\"", "\\", "\u{7F}", "http://", "*", "Connection: close\r\n",
    ].map { [UInt8]($0.utf8) }

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let texts = RequestCorpus.legal.map(\.text) + RequestCorpus.forbidden.map(\.text)
        seeds = texts.filter { $0.utf8.count < 600 }.map { [UInt8]($0.utf8) }
    }

    mutating func next() -> [UInt8] {
        var bytes = pick(seeds)
        if Int.random(in: 0..<4, using: &generator) == 0 { bytes += pick(seeds) }
        for _ in 0..<Int.random(in: 0...3, using: &generator) { mutate(&bytes) }
        return bytes
    }

    mutating func pieces(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        randomPieces(of: bytes, using: &generator)
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: pick(splices), at: place)
        case 3:
            let end = min(bytes.count, place + Int.random(in: 1...20, using: &generator))
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        default: bytes.removeSubrange(place...)
        }
    }

    private mutating func pick(_ list: [[UInt8]]) -> [UInt8] {
        list[Int.random(in: 0..<list.count, using: &generator)]
    }
}

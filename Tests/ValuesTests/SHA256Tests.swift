import TestSupport
import Testing
import Values

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "has the digests of FIPS 180-4 and of the NIST vectors",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                    + "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func vectors(_ text: String, _ digest: String) {
        #expect(hexadecimal(SHA256.hash(Array(text.utf8))) == digest)
    }

    @Test("of a million a")
    func million() {
        let digest = SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000))
        #expect(
            hexadecimal(digest)
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("does not depend on how the bytes arrive")
    func pieces() {
        let seed: UInt64 = 7
        var generator = SeededGenerator(seed: seed)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var hasher = SHA256()
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &generator)
                hasher.update(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(hasher.finalized() == SHA256.hash(bytes), "seed \(seed), length \(length)")
        }
    }

    /// The expected value comes from Python's hashlib.
    @Test("agrees with another implementation at every length up to 256")
    func everyLength() {
        let digests = (0...256).flatMap { SHA256.hash(sanityMessage(count: $0)) }
        #expect(
            hexadecimal(SHA256.hash(digests))
                == "c75883731779a4805764a21f9cd27d5d43277c3c454d8ffd68b1e95864e73b0a")
    }

    @Test("can go on after it was asked")
    func continues() {
        var hasher = SHA256()
        hasher.update([1, 2])
        _ = hasher.finalized()
        hasher.update([3])
        #expect(hasher.finalized() == SHA256.hash([1, 2, 3]))
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

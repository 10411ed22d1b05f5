import Testing
import Values

@Suite("XXH64")
struct Hash64Tests {
    @Test(
        "gives the published sanity values",
        arguments: [
            (0, 0xEF46_DB37_51D8_E999), (1, 0xE934_A84A_DB05_2768), (4, 0x9136_A0DC_A574_57EE),
            (14, 0x8282_DCC4_994E_35C8), (222, 0xB641_AE8C_B691_C174),
        ] as [(Int, UInt64)])
    func published(count: Int, hash: UInt64) {
        #expect(hash64(sanityMessage(count: count)) == hash)
    }

    /// The expected value comes from the reference library (python-xxhash).
    @Test("agrees with the reference library at every length up to 256")
    func everyLength() {
        let hashes = (0...256).flatMap { count in
            bigEndian(hash64(sanityMessage(count: count)))
        }
        #expect(hash64(hashes) == 0x8ACC_B6CE_0AEF_9491)
    }
}

private func bigEndian(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
}

import Testing

@testable import Redis

@Suite("The slot of a key")
struct HashSlotTests {
    // The check value of the specification, and what a server answers to CLUSTER KEYSLOT.
    @Test("is that of the specification")
    func known() {
        #expect(HashSlot.checksum(Array("123456789".utf8)[...]) == 0x31C3)
        for (key, slot) in [
            ("", 0), ("foo", 12182), ("{user1000}.following", 3443), ("user1000", 3443),
            ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("foo{bar}{zap}", 5061), ("{x", 11_068),
        ] {
            #expect(HashSlot.of(Array(key.utf8)) == slot, "\(key)")
        }
    }
}

import Redis
import TLS
import Testing

@Suite("The address of a Redis server")
struct RedisAddressTests {
    @Test(
        "is read in all its forms",
        arguments: [
            ("redis://localhost", "redis://localhost:6379"),
            ("redis://10.0.0.1:7000/3", "redis://10.0.0.1:7000/3"),
            ("rediss://cache.example", "rediss://cache.example:6379"),
            ("redis://[::1]:6380", "redis://[::1]:6380"),
            ("redis://[::1]", "redis://[::1]:6379"),
            ("redis://ada:s3cret@host:1/", "redis://host:1"),
            ("redis://:s3cret@host", "redis://host:6379"),
            ("unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"),
        ])
    func forms(text: String, shown: String) throws {
        #expect(try RedisAddress(parsing: text).description == shown)
    }

    @Test("keeps user and password, decoded, and shows neither")
    func credentials() throws {
        let address = try RedisAddress(parsing: "redis://ada:p%40ss%3a@host")
        #expect(address.user == "ada" && address.password == "p@ss:")
        #expect(!"\(address)".contains("ada") && !"\(address)".contains("p@ss"))
        #expect(try RedisAddress(parsing: "redis://:only@host").user == nil)
    }

    @Test("says how the connection is encrypted")
    func encryption() throws {
        let plain = try RedisAddress(parsing: "rediss://host")
        #expect(plain.tls == RedisTLS())
        let address = try RedisAddress(
            parsing: "rediss://host:1/2?ca=/a%20b.pem&cert=/c.pem&key=/k.pem&name=cache.example")
        #expect(address.database == 2 && address.place == .host("host", port: 1))
        #expect(address.tls?.authorities == .file(path: "/a b.pem"))
        #expect(
            address.tls?.identity == TLSIdentity(certificatePath: "/c.pem", keyPath: "/k.pem"))
        #expect(address.tls?.serverName == "cache.example")
        #expect(try RedisAddress(parsing: "redis://host").tls == nil)
    }

    @Test(
        "is refused with the form that is expected, and without the password",
        arguments: [
            "localhost:6379", "http://host", "redis://", "redis://host:0", "redis://host:70000",
            "redis://host:x", "redis://host/x", "redis://host/-1", "unix://relative",
            "unix:///s?database=1", "redis://user@host", "redis://:hush%4@host", "redis://[::1",
            "", "rediss://host?ca=relative.pem", "rediss://host?cert=/c.pem",
            "rediss://host?key=/k.pem", "rediss://host?ca", "rediss://host?ca=",
            "rediss://host?ca=/a&ca=/b", "rediss://host?verify=no", "rediss://host/x?ca=/a",
        ])
    func refusals(text: String) {
        let error = #expect(throws: RedisError.self) { try RedisAddress(parsing: text) }
        #expect(error?.code == .badAddress && error?.hint?.contains("redis://HOST") == true)
        #expect(error?.message.contains("hush") == false)
    }
}

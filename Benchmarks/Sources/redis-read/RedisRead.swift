import Glibc
import Stores
import Values

/// The online store's reads beside those of `mget-client`, and what a bulk loader would send.
///
///     redis-read read ADDRESS VIEW ENTITIES KEYS DEPTH SECONDS
///     redis-read dump ADDRESS VIEW ENTITIES FILE
///
/// `read` asks for KEYS random entities, DEPTH times in one call, again and again. `dump` writes the
/// SET commands of all entities to FILE, for `redis-cli --pipe`, and prints what its keys begin with.
@main
struct RedisRead {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        guard words.count >= 5, let entities = Int64(words[4]) else { exit(2) }
        let bench = RedisRead(
            store: try RedisOnlineStore(parsing: words[2]), view: words[3], entities: entities)
        if words[1] == "dump" { return try bench.dump(to: words[5]) }
        guard words.count == 7, let keys = Int(words[5]), let depth = Int(words[6]),
            let seconds = Double(words[7])
        else { exit(2) }
        try bench.read(keys: keys, depth: depth, seconds: seconds)
    }

    let store: RedisOnlineStore
    let view: String
    let entities: Int64

    func read(keys: Int, depth: Int, seconds: Double) throws {
        var random = XorShift()
        var (reads, found) = (0, 0)
        let (begin, processor) = (ContinuousClock.now, Self.processorSeconds)
        let end = begin.advanced(by: .seconds(seconds))
        while ContinuousClock.now < end {
            let requests = (0..<depth).map { _ in
                StoreRequest(
                    view: view,
                    keys: (0..<keys).map { _ in
                        Self.key(Int64(random.next() % UInt64(entities)))
                    })
            }
            for answer in try store.read(requests) {
                for value in answer.values { found += value?.count ?? 0 }
                reads += 1
            }
        }
        let elapsed = (ContinuousClock.now - begin) / .seconds(1)
        let used = (Self.processorSeconds - processor) / Double(reads) * 1e6
        print(
            "{\"reads_per_s\": \(Double(reads) / elapsed), \"cpu_us\": \(used), "
                + "\"bytes_per_read\": \(Double(found) / Double(reads))}")
    }

    func dump(to path: String) throws {
        guard let generation = try store.liveGeneration(view: view) else { exit(1) }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { exit(1) }
        let key = StoreKey()
        for start in stride(from: 0, to: entities, by: 1000) {
            let numbers = start..<min(entities, start + 1000)
            let request = StoreRequest(view: view, keys: numbers.map(Self.key))
            var text: [UInt8] = []
            for (number, value) in zip(numbers, try store.read([request])[0].values) {
                let name = key.bytes(generation: generation.id, entity: Self.key(number).bytes)
                text += "*3\r\n$3\r\nSET\r\n".utf8
                for part in [name, value ?? []] {
                    text += "$\(part.count)\r\n".utf8
                    text += part
                    text += "\r\n".utf8
                }
            }
            let count = unsafe text.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            guard count == text.count else { exit(1) }
        }
        close(descriptor)
        let digits = Array("0123456789abcdef")
        print(
            key.prefix(slot: 0, generation: generation.id)
                .map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined())
    }

    static func key(_ number: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(number)
        return key
    }

    static var processorSeconds: Double {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let microseconds =
            (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000
            + Int(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        return Double(microseconds) / 1e6
    }
}

/// The same numbers as in `mget-client`.
struct XorShift {
    private var state: UInt64 = 88_172_645_463_325_252

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

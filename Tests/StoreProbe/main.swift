// Writes generations of a view until it is killed: what the kill test kills.
//
// Generation n holds, for each entity e of `entityCount`, a value that names n and e. After each
// one that it published it says so on standard output.
import Glibc
import Stores
import Values

let arguments = CommandLine.arguments
guard arguments.count == 3, let entityCount = Int(arguments[2]) else {
    exit(2)
}
do {
    let store = try LMDBOnlineStore(path: arguments[1])
    for round in 0..<1_000_000 as Range<Int64> {
        let writer = try store.beginGeneration(
            GenerationPlan(
                view: "view", layout: [1], identity: Array("\(round)".utf8),
                cut: EventTime(microseconds: round)))
        for entity in 0..<Int64(entityCount) {
            var key = EntityKey()
            key.append(entity)
            try writer.append(key.bytes, Array("\(writer.id) \(entity)".utf8))
        }
        let generation = try writer.publish()
        let line = Array("\(generation.id)\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
} catch {
    exit(1)
}

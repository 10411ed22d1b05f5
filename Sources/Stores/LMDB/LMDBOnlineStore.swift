import Glibc
import Values

// What stands in the file, beside the states (see StoreKey):
//
//   m:next            the number of the next generation
//   m:live:<view>     the record of the live generation: the one pointer
//   m:written:<view>  the record of the area of states that were written entity by entity
//   m:stream:<view>   the record of what is streamed into the view
//   m:ck:<number><partition>  a checkpoint of a stream, 8 and 4 bytes
//   m:doomed:<number> a generation that is being built or was replaced: whoever writes next removes
//                     its states
//
// Every step is one LMDB transaction, so after a kill the file is as before or after a step; and
// states of a doomed generation are unreachable, so they only cost space until they are removed.

/// An online store in a folder of this machine. Readers of all processes go on beside the one
/// writer.
public final class LMDBOnlineStore: OnlineStore {
    /// How large the file may get unless it is said otherwise; only what is used takes space.
    public static let defaultGreatestSize = 64 << 30

    let environment: LMDBEnvironment
    let keys = StoreKey()

    /// Opens the store in the folder at `path` to read and write, and makes it if it is missing.
    ///
    /// - Parameters:
    ///   - path: the store's folder; not on a network's file system.
    ///   - greatestSize: how many bytes the file may get.
    /// - Throws: `failure` when the system refuses.
    public init(
        path: String, greatestSize: Int = LMDBOnlineStore.defaultGreatestSize
    ) throws(StoreError) {
        guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw StoreError(
                errno == ENOSPC ? .diskFull : .failure,
                "cannot make the folder \(path): \(unsafe String(cString: strerror(errno)))")
        }
        environment = try LMDBEnvironment(path: path, greatestSize: greatestSize)
    }

    /// Opens the store in the folder at `path`.
    ///
    /// - Parameters:
    ///   - path: the store's folder.
    ///   - greatestSize: how many bytes its writers let it get, if that is beyond the default.
    /// - Throws: `missing` when there is none.
    public init(existing path: String, greatestSize: Int = 0) throws(StoreError) {
        guard unsafe access("\(path)/data.mdb", R_OK) == 0 else {
            throw StoreError(
                .missing, "there is no online store at \(path)",
                hint: "fill it with 'roost materialize --at TIME'")
        }
        environment = try LMDBEnvironment(
            path: path, greatestSize: max(greatestSize, Self.defaultGreatestSize))
    }

    /// The live generation of `view`, or nil when it has none.
    public func liveGeneration(view: String) throws(StoreError) -> Generation? {
        try environment.read { transaction throws(StoreError) in
            try transaction.liveGeneration(view: view)
        }
    }

    /// Reads states of several views in one transaction: the answers are of one moment.
    ///
    /// Complexity: O(keys x log states). Never waits for a writer.
    public func read(_ requests: [StoreRequest]) throws(StoreError) -> [StoreAnswer] {
        try environment.read { transaction throws(StoreError) in
            var answers: [StoreAnswer] = []
            for request in requests {
                let generation = try transaction.liveGeneration(view: request.view)
                var answer = StoreAnswer(
                    generation: generation,
                    values: try states(of: request.keys, in: generation, transaction))
                if request.wantsWrites,
                    let area = try transaction.generation(of: MetaKey.written(request.view))
                {
                    answer.writes = StoreAnswer.Writes(
                        layout: area.layout,
                        values: try states(of: request.keys, in: area, transaction))
                }
                answers.append(answer)
            }
            return answers
        }
    }

    private func states(
        of entities: [EntityKey?], in generation: Generation?,
        _ transaction: borrowing LMDBTransaction
    ) throws(StoreError) -> [[UInt8]?] {
        var states: [[UInt8]?] = []
        states.reserveCapacity(entities.count)
        for key in entities {
            guard let generation, let key else {
                states.append(nil)
                continue
            }
            states.append(
                try transaction.value(
                    of: keys.bytes(generation: generation.id, entity: key.bytes)))
        }
        return states
    }

    /// Starts a generation and removes what abandoned ones left.
    public func beginGeneration(
        _ plan: GenerationPlan
    ) throws(StoreError) -> any GenerationWriter {
        try LMDBGenerationWriter(plan, store: self)
    }
}

/// The keys of what is no state.
enum MetaKey {
    static let next = Array("m:next".utf8)
    static let doomed = Array("m:doomed:".utf8)

    static func live(_ view: String) -> [UInt8] { Array("m:live:\(view)".utf8) }

    static func written(_ view: String) -> [UInt8] { Array("m:written:\(view)".utf8) }

    static func stream(_ view: String) -> [UInt8] { Array("m:stream:\(view)".utf8) }

    /// What the keys of a generation's checkpoints begin with.
    static func checkpoints(_ generation: UInt64) -> [UInt8] {
        var key = Array("m:ck:".utf8)
        key.append(bigEndian: generation)
        return key
    }

    static func checkpoint(_ generation: UInt64, _ partition: Int32) -> [UInt8] {
        var number: [UInt8] = []
        number.append(bigEndian: UInt64(UInt32(bitPattern: partition)))
        return checkpoints(generation) + number[4...]
    }

    static func doomed(_ generation: UInt64) -> [UInt8] {
        var key = doomed
        key.append(bigEndian: generation)
        return key
    }
}

extension LMDBTransaction {
    func liveGeneration(view: String) throws(StoreError) -> Generation? {
        try generation(of: MetaKey.live(view))
    }

    func streamRecord(of view: String) throws(StoreError) -> StreamRecord? {
        try StreamRecord.stored(try value(of: MetaKey.stream(view)))
    }

    /// The record that stands under `key`.
    func generation(of key: [UInt8]) throws(StoreError) -> Generation? {
        guard let record = try value(of: key) else { return nil }
        return try Generation(encoded: record)
    }
}

import Glibc

extension LMDBOnlineStore {
    /// A store that is fuller than this many percent is a warning.
    private static let greatestFill = 80

    /// What there is to say of the store in the folder at `path`, that it cannot be opened
    /// included.
    public static func findings(path: String, greatestSize: Int?) -> [StoreFinding] {
        guard unsafe access("\(path)/data.mdb", F_OK) == 0 else {
            return [
                StoreFinding(
                    .warn, "there is no store at \(path) yet",
                    remedy: "fill it with 'roost materialize --at TIME'")
            ]
        }
        do throws(StoreError) {
            let store = try LMDBOnlineStore(
                path: path, greatestSize: greatestSize ?? defaultGreatestSize)
            return [try store.fill()] + StorePlace(path: path).findings(needsLocalDisk: true)
        } catch {
            return [StoreFinding(error)]
        }
    }

    private func fill() throws(StoreError) -> StoreFinding {
        let used = try environment.read { transaction throws(StoreError) in
            try transaction.usedBytes()
        }
        let room = environment.roomForStates
        let share = 100 * used / max(room, 1)
        let message =
            "\(environment.path) holds \(used >> 20) MiB of the \(room >> 20) MiB that it may"
        if share <= Self.greatestFill { return StoreFinding(.ok, message) }
        return StoreFinding(
            .warn, message,
            remedy: "a new generation stands beside the live one: give it a larger size in "
                + "roost.yaml, 'online: lmdb:PATH?size=128GiB'")
    }
}

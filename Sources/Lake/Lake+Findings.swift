public import Stores

extension Lake {
    /// What there is to say of the lake: rights, room, and whether every file is the one that was
    /// published.
    public func findings() -> [StoreFinding] {
        guard LakeFiles.exists(folder) else {
            return [
                StoreFinding(
                    .warn, "there is no lake at \(folder) yet",
                    remedy: "fill it with 'roost materialize --at TIME'")
            ]
        }
        var findings: [StoreFinding] = []
        var count = 0
        var names: [String] = []
        do {
            names = try sources()
        } catch {
            findings.append(StoreFinding(.fail, "\(error)"))
        }
        for name in names {
            do throws(LakeError) {
                let snapshot = try source(name).snapshot()
                // Opening compares the digest of every footer.
                _ = try LakeRows(snapshot)
                count += snapshot.commits.reduce(0) { $0 + $1.files.count }
            } catch {
                findings.append(
                    StoreFinding(.fail, "\(name): \(error.message)", remedy: error.hint))
            }
        }
        if findings.isEmpty {
            findings.append(
                StoreFinding(
                    .ok, "\(folder): \(count) files of \(names.count) sources are as published"))
        }
        return findings + StorePlace(path: folder).findings(needsLocalDisk: false)
    }
}

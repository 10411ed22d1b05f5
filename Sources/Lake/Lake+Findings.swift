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
                for file in snapshot.streamFiles { _ = try file.open(in: snapshot.folder) }
                count += snapshot.files.count
                findings += letters(of: name, in: snapshot)
            } catch {
                findings.append(
                    StoreFinding(.fail, "\(name): \(error.message)", remedy: error.hint))
            }
        }
        if !findings.contains(where: { $0.verdict == .fail }) {
            findings.append(
                StoreFinding(
                    .ok, "\(folder): \(count) files of \(names.count) sources are as published"))
        }
        return findings + StorePlace(path: folder).findings(needsLocalDisk: false)
    }

    private func letters(of name: String, in snapshot: LakeSnapshot) -> [StoreFinding] {
        let files = snapshot.stream?.parts.compactMap(\.rejected) ?? []
        if files.isEmpty { return [] }
        let count = files.reduce(0) { $0 + $1.rowCount }
        return [
            StoreFinding(
                .warn, "the stream of \(name) had \(count) records that are no rows",
                remedy: "\(snapshot.folder)/\(LakeStreamPart.commonFolder)/*/*-rejected.parquet "
                    + "says why")
        ]
    }
}

import Values

extension ZoneTable {
    /// Where the system keeps its compiled zones.
    static let systemFolder = "/usr/share/zoneinfo"

    /// The zone `name`: `UTC`, a fixed offset such as `+01:00`, or a name of the system's
    /// database such as `America/New_York`.
    static func named(_ name: String) throws(JobError) -> ZoneTable {
        if let fixed = ZoneTable(fixed: name) { return fixed }
        let isPlain = !name.isEmpty && !name.hasPrefix("/") && !name.contains("..")
        let path = Path.join(systemFolder, name)
        guard isPlain, FileSystem.kind(of: path) == .file,
            let table = ZoneTable(compiled: try FileSystem.bytes(of: path))
        else {
            throw JobError(
                .usage, "there is no time zone '\(name)'",
                hint: isPlain && !name.contains("//") ? nearest(to: name) ?? form : form)
        }
        return table
    }

    private static let form =
        "write a name such as America/New_York (Debian package tzdata), UTC, or an offset such "
        + "as +01:00"

    /// The zone of the same folder that a name was most likely meant to be.
    private static func nearest(to name: String) -> String? {
        let parts = name.split(separator: "/").map(String.init)
        let folder = ([systemFolder] + parts.dropLast()).joined(separator: "/")
        guard let last = parts.last, let names = try? FileSystem.names(in: folder),
            let guess = nearestName(to: last, among: names)
        else { return nil }
        return "did you mean '\((parts.dropLast() + [guess]).joined(separator: "/"))'?"
    }
}

extension ZoneCatalog {
    /// The zones of the system's database.
    static let system = ZoneCatalog { name throws(Unknown) in
        do throws(JobError) {
            return try ZoneTable.named(name)
        } catch {
            throw Unknown(hint: error.hint ?? error.message)
        }
    }
}

import Glibc

extension SQLiteConnection {
    /// Opens the registry in the file at `path`; makes an empty one, and its folder, if there is
    /// none.
    static func registry(
        path: String, busyMilliseconds: Int32
    ) throws(RegistryError) -> SQLiteConnection {
        if !SQLRegistry.exists(file: path) { try makeFolder(of: path) }
        let connection = try SQLiteConnection(path: path, busyMilliseconds: busyMilliseconds)
        try prepare(connection)
        return connection
    }
}

private func makeFolder(of path: String) throws(RegistryError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = String(path[..<slash])
    if SQLRegistry.exists(file: folder) { return }
    try makeFolder(of: folder)
    guard unsafe mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? ""
        if isNoRoom(number) { throw .diskFull("cannot make the folder \(folder): \(reason)") }
        throw RegistryError(
            .denied, "cannot make the folder \(folder): \(reason)",
            hint: "check 'registry:' in roost.yaml and the right to write there")
    }
}

/// Checks that the file is a registry and brings its tables up to date.
private func prepare(_ connection: SQLiteConnection) throws(RegistryError) {
    try connection.run("PRAGMA foreign_keys = ON")
    let version = try connection.integer("PRAGMA user_version")
    try checkOwner(connection)
    try checkVersion(version, connection.place)
    let mode = try connection.first("PRAGMA journal_mode = WAL") { row throws(RegistryError) in
        try row.text(0)
    }
    guard mode == "wal" else {
        throw RegistryError(
            .denied, "\(connection.place) cannot have a write-ahead log beside it",
            hint: "keep the registry on a local disk")
    }
    // A commit that was reported survives a loss of power.
    try connection.run("PRAGMA synchronous = FULL")
    if version == Int64(RegistrySchema.steps.count) { return }
    try connection.transaction(.writing) { _ throws(RegistryError) in
        // Another process may have been faster.
        let version = try connection.integer("PRAGMA user_version")
        try checkVersion(version, connection.place)
        for step in RegistrySchema.steps.dropFirst(Int(version)) {
            try connection.runScript(step)
        }
        let identifier = RegistrySchema.applicationIdentifier
        try connection.runScript("PRAGMA application_id = \(identifier)")
        try connection.runScript("PRAGMA user_version = \(RegistrySchema.steps.count)")
    }
}

private func checkOwner(_ connection: SQLiteConnection) throws(RegistryError) {
    let owner = try connection.integer("PRAGMA application_id")
    if owner == RegistrySchema.applicationIdentifier { return }
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
    if owner == 0, tables == 0 { return }
    throw RegistryError(
        .foreign, "\(connection.place) is no registry: it is an SQLite file of another program",
        hint: "check 'registry:' in roost.yaml; the file was not touched")
}

private func checkVersion(_ version: Int64, _ path: String) throws(RegistryError) {
    let known = RegistrySchema.steps.count
    guard version > known else {
        if version >= 0 { return }
        throw RegistryError(
            .corrupt, "\(path) has the schema version \(version)", hint: remedyForDamage)
    }
    throw RegistryError(
        .newerSchema, "\(path) has schema version \(version); this release knows \(known)",
        hint: "use the release of roost that wrote it, or a later one")
}

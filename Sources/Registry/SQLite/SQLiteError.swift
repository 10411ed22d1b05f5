import CSQLite
import Glibc

/// What SQLite found wrong, in our words.
func sqliteError(
    _ code: Int32, connection: OpaquePointer?, path: String
) -> RegistryError {
    let reason: String
    if let connection = unsafe connection, let text = unsafe sqlite3_errmsg(connection) {
        reason = unsafe String(cString: text)
    } else {
        reason = unsafe sqlite3_errstr(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
    // The low byte is the kind, the rest its details. A full disk shows itself as several kinds.
    let isDiskFull = unsafe connection.map { isNoRoom(unsafe sqlite3_system_errno($0)) } ?? false
    let isSystem = [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xFF)
    switch isSystem && isDiskFull ? SQLITE_FULL : code & 0xFF {
    case SQLITE_NOTADB:
        return RegistryError(
            .foreign, "\(path) is no registry: it is not an SQLite file",
            hint: "check 'registry:' in roost.yaml; the file was not touched")
    case SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_MISMATCH:
        return RegistryError(.corrupt, "\(path) is damaged: \(reason)", hint: remedyForDamage)
    case SQLITE_BUSY, SQLITE_LOCKED:
        return RegistryError(
            .busy, "\(path) is held by another process", hint: "wait for it, then try again")
    case SQLITE_FULL:
        return .diskFull("\(path) cannot be written: the disk is full")
    case SQLITE_CANTOPEN:
        return RegistryError(
            .denied, "\(path) cannot be opened", hint: "check the folder and the right to write it")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
        return RegistryError(
            .denied, "\(path) cannot be written: \(reason)",
            hint: "give this user the right to write the file and its folder")
    case SQLITE_CONSTRAINT:
        return RegistryError(
            .conflict, "\(path) refuses the change: \(reason)",
            hint: "another process may have been faster; run the command again")
    default:
        return RegistryError(.io, "\(path): \(reason)", hint: nil)
    }
}

/// Whether the system's error says that a disk, or what a user may take of it, is used up.
func isNoRoom(_ errorNumber: Int32) -> Bool { errorNumber == ENOSPC || errorNumber == EDQUOT }

extension RegistryError {
    static func diskFull(_ message: String) -> RegistryError {
        RegistryError(
            .io, message, hint: "make room and run the command again; nothing was changed")
    }
}

public import DefinitionFiles
import Lake
import PostgresLog
public import Stores

extension Profile {
    /// Opens the offline store; nothing is made in a lake before rows are appended, and in a
    /// database only the tables about them.
    public func openOfflineStore() throws -> any OfflineStore {
        switch offline {
        case .lake(let path): Lake(folder: path)
        case .postgres(let address): try PostgresOfflineStore(address)
        }
    }
}

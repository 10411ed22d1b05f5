public import DefinitionFiles
import Lake
public import Stores

extension Profile {
    /// The offline store; nothing is made before rows are appended.
    public var offlineStore: any OfflineStore {
        switch offline {
        case .lake(let path): Lake(folder: path)
        }
    }
}

public import DefinitionFiles
public import Lake

extension Profile {
    /// The lake; nothing is made before rows are appended.
    public var lake: Lake {
        switch offline {
        case .lake(let path): Lake(folder: path)
        }
    }
}

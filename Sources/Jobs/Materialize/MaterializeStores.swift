public import Registry
public import Stores

/// Where a materialization writes.
public struct MaterializeStores: Sendable {
    /// Where states go.
    public var online: any OnlineStore
    /// Where rows go.
    public var offline: any OfflineStore
    /// Where intervals and generations are recorded.
    public var registry: any RegistryStore

    /// Puts stores together.
    public init(
        online: any OnlineStore, offline: any OfflineStore, registry: any RegistryStore
    ) {
        self.online = online
        self.offline = offline
        self.registry = registry
    }
}

public import Planning
public import Registry
public import Stores

// The registry remembers which generation of a view was published last. A store that has an earlier
// one as its live one was restored from an older copy, or failed over to one: what it answers is
// whole, but of the past, and nothing in the answer says so. (A job that is killed between moving
// the pointer back to what was live before and telling the registry looks the same; so does the
// remedy.)

extension RegistryStore {
    /// Whether `live`, which the online store has, was replaced before.
    func knowsReplaced(_ live: Generation) throws(RegistryError) -> Bool {
        let known = try generations(of: live.view)
        guard let newest = known.last(where: { $0.state == .live }),
            newest.identity.bytes != live.identity
        else { return false }
        return known.contains { $0.state == .retired && $0.identity.bytes == live.identity }
    }
}

extension Project {
    /// Refuses an online store that was restored from an older copy.
    ///
    /// - Parameters:
    ///   - views: the views that are going to be asked.
    ///   - store: where they are.
    ///   - registry: what knows which generations were published.
    /// - Throws: `StoreError.rolledBack` for the first view that went back.
    public func requireNewest(
        _ views: [ViewPlan], in store: any OnlineStore, registry: any RegistryStore
    ) throws {
        for view in views {
            guard let live = try store.liveGeneration(view: view.name),
                try registry.knowsReplaced(live)
            else { continue }
            throw StoreError.rolledBack(to: live)
        }
    }
}

/// The named points of a processor's cycle, at which tests stop or kill it.
public enum StreamStep: String, CaseIterable, Sendable {
    /// The group has given partitions; nothing is claimed yet.
    case onAssign = "on_assign"
    /// The group has taken partitions away; they are not given up yet.
    case onRevoke = "on_revoke"
    /// Records were read; nothing of them is written yet.
    case afterFetch = "after_fetch"
    /// A sink is going to write a batch.
    case beforeCommit = "before_commit"
    /// A sink has written a batch.
    case afterCommit = "after_commit"
}

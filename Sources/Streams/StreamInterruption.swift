/// Why a processor has to be made anew: what it writes to is not what it was.
public enum StreamInterruption: Error, Hashable, Sendable {
    /// A state of a keyed view has rows of another partition, so the topic is not keyed as declared.
    case notKeyed(view: String)
    /// The sink has no checkpoint: its generation was replaced, or the sink lost it.
    case hasNoCheckpoint(sink: String, partition: Int32)
}

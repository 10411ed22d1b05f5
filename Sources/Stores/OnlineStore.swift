public import Values

/// Where states are kept so that they can be asked at any time: LMDB, or a server.
///
/// A view's states live in generations, of which one is live. A generation is built beside the
/// live one and takes its place in one step; readers see one or the other, whole.
public protocol OnlineStore: StreamStore {
    /// The live generation of `view`, or nil when it has none.
    func liveGeneration(view: String) throws(StoreError) -> Generation?

    /// Reads states of several views at one moment.
    ///
    /// - Parameter requests: what is wanted; a view may stand in it several times.
    /// - Returns: one answer per request.
    /// - Throws: `corrupt` for damaged records, and what the system refuses.
    func read(_ requests: [StoreRequest]) throws(StoreError) -> [StoreAnswer]

    /// Starts a generation, which is not seen before it is published.
    ///
    /// Removes what abandoned generations left.
    /// - Throws: `busy` while another writer is at work.
    func beginGeneration(_ plan: GenerationPlan) throws(StoreError) -> any GenerationWriter

    /// The live generations of all views, in order of their names; also those of views that no
    /// definition has any more.
    func liveGenerations() throws(StoreError) -> [Generation]

    /// Reads all states of a generation, in any order; one may come twice.
    ///
    /// - Parameters:
    ///   - generation: a live one.
    ///   - take: is given an entity as stores keep it (see `StoreKey.stored`) and its state, and
    ///     says whether it wants more.
    /// - Throws: `busy` when the generation was replaced meanwhile, so that states are missing.
    func readStates(
        of generation: Generation, _ take: (_ entity: [UInt8], _ state: [UInt8]) -> Bool
    ) throws(StoreError)

    /// Removes the states of an entity from the live generations of views, and all that replaced
    /// and abandoned generations left.
    ///
    /// - Returns: the views that had a state of it.
    /// - Throws: `busy` while another writer is at work.
    func forget(_ entity: EntityKey, of views: [String]) throws(StoreError) -> [String]

    /// Merges states of single entities into those that were written before.
    ///
    /// Each entity's state is merged in one step, whoever else writes; since merging commutes, the
    /// order of writes does not matter, and the same write again changes nothing.
    /// - Parameters:
    ///   - writes: the states. If the view has writes of another layout, these take their place.
    ///   - merging: makes one state of two.
    /// - Throws: `full`, `diskFull`, `unavailable`; what `merging` throws. Some entities may be
    ///   written then: write again.
    func write(
        _ writes: EntityWrites, merging: EntityWrites.Merging
    ) throws(StoreError)
}

/// States of one view that are wanted.
public struct StoreRequest: Sendable {
    /// The view.
    public var view: String
    /// Whose states; nil for a row without an entity.
    public var keys: [EntityKey?]
    /// Whether what was written entity by entity is wanted, too.
    public var wantsWrites: Bool

    /// Makes a request.
    public init(view: String, keys: [EntityKey?], wantsWrites: Bool = false) {
        self.view = view
        self.keys = keys
        self.wantsWrites = wantsWrites
    }
}

/// States of one view.
public struct StoreAnswer: Sendable {
    /// The generation that was live; nil when the view has none.
    public var generation: Generation?
    /// One per key; nil where there is none.
    public var values: [[UInt8]?]
    /// What was written entity by entity: the layout, and one state per key; nil when nothing was,
    /// or it is not wanted.
    public var writes: Writes?

    /// States that were written entity by entity.
    public struct Writes: Sendable {
        /// The identity of their layout.
        public var layout: [UInt8]
        /// One per key; nil where there is none.
        public var values: [[UInt8]?]
    }

    /// Makes an answer.
    public init(generation: Generation?, values: [[UInt8]?]) {
        self.generation = generation
        self.values = values
    }
}

/// Fills one generation. Letting it go without `publish` or `leaveToStream` abandons the generation.
public protocol GenerationWriter: AnyObject {
    /// The number of the generation.
    var id: UInt64 { get }

    /// Adds the state of `entity`; entities come in ascending order of their bytes, each once.
    ///
    /// - Throws: `misuse` for a key that is not greater than the one before; `full`, `diskFull`.
    func append(_ entity: [UInt8], _ value: [UInt8]) throws(StoreError)

    /// Makes it the live generation of its view and removes the one it replaces.
    ///
    /// - Returns: the record that readers get.
    /// - Throws: `busy` when a stream feeds the view: see `leaveToStream`.
    func publish() throws(StoreError) -> Generation

    /// Leaves it, whole, to the stream that feeds the live generation of its view: as the `next` of
    /// the view's record, instead of any other, which is removed. Readers do not see it.
    ///
    /// - Returns: the record that readers get when the stream publishes it.
    /// - Throws: `misuse` when no stream feeds the view; `busy` when its record changes again and
    ///   again.
    @discardableResult
    func leaveToStream() throws(StoreError) -> Generation

    /// Removes what was written; the live generation stays.
    func abandon()
}

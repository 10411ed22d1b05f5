public import Planning
public import Values

/// Where a project's history is kept: what was applied, materialized, trained and promoted.
///
/// Every method is one transaction, safe to call from several threads and processes at a time.
/// Times are the caller's: a registry has no clock. One conformance suite runs over every
/// implementation.
public protocol RegistryStore: Sendable {
    /// What is applied; nil before the first apply.
    func appliedProject() throws(RegistryError) -> AppliedProject?
    /// The definition files of the latest apply, in their order.
    func appliedFiles() throws(RegistryError) -> [AppliedFile]
    /// The canonical text that a digest ever applied was taken of; nil when it never was.
    func canonicalText(of digest: FeatureDigest) throws(RegistryError) -> String?
    /// Compares with what is applied and makes `project` the applied state, unless nothing differs
    /// or something breaks that may not. Comparing and writing is one transaction.
    func apply(
        _ project: AppliedProject, files: [AppliedFile], allowingBreaking: Bool, at time: EventTime
    ) throws(RegistryError) -> ApplyOutcome
    /// What `apply` would do; nothing is written.
    func difference(to project: AppliedProject) throws(RegistryError) -> ProjectDifference
    /// All applies that changed something, oldest first.
    func applyHistory() throws(RegistryError) -> [ApplyRecord]

    /// Takes an interval for the caller alone, unless it is done already or somebody is at it.
    ///
    /// A running one is taken over when its owner's process is gone or its lease is over.
    func claim(
        _ interval: ViewInterval, identity: RecordIdentity, owner: ClaimOwner, at time: EventTime,
        lease: EventDuration
    ) throws(RegistryError) -> IntervalClaim
    /// Says that the owner still works at it. `conflict` when the claim was lost.
    func renew(
        _ interval: ViewInterval, owner: ClaimOwner, at time: EventTime, lease: EventDuration
    ) throws(RegistryError)
    /// Says that the interval's rows are in the stores. `conflict` when the claim was lost.
    func finish(
        _ interval: ViewInterval, owner: ClaimOwner, rows: Int, at time: EventTime
    ) throws(RegistryError)
    /// Gives a claim back after a failure: the interval is stale. `conflict` when it was lost.
    func giveUp(
        _ interval: ViewInterval, owner: ClaimOwner, at time: EventTime
    ) throws(RegistryError)
    /// Marks a done interval as stale because its input changed; any other is left alone.
    func markStale(_ interval: ViewInterval, at time: EventTime) throws(RegistryError)
    /// The intervals of a view, in order of time.
    func intervals(of view: String) throws(RegistryError) -> [IntervalRecord]

    /// Begins a generation under a number of its own.
    func beginGeneration(
        of view: String, identity: RecordIdentity, cut: EventTime?, at time: EventTime
    ) throws(RegistryError) -> GenerationRecord
    /// Records that the store's pointer was moved to a generation; the one before it is retired.
    func publishGeneration(
        of view: String, id: Int64, entities: Int, bytes: Int?, at time: EventTime
    ) throws(RegistryError)
    /// Records that a generation was given up.
    func abandonGeneration(of view: String, id: Int64, at time: EventTime) throws(RegistryError)
    /// The generations of a view, oldest first.
    func generations(of view: String) throws(RegistryError) -> [GenerationRecord]

    /// Records a data set; the same identity at the same path replaces its record.
    func record(_ dataSet: DataSetRecord) throws(RegistryError)
    /// All data sets, oldest first.
    func dataSets() throws(RegistryError) -> [DataSetRecord]

    /// Registers a model; a package that is registered already is left as it is.
    func register(_ model: ModelRecord) throws(RegistryError)
    /// All models, oldest first.
    func models() throws(RegistryError) -> [ModelRecord]
    /// The model of a package; nil when there is none.
    func model(_ package: RecordIdentity) throws(RegistryError) -> ModelRecord?

    /// Moves an alias to a registered model.
    ///
    /// `expected` is what the caller believes it to be on, `.some(nil)` = nowhere yet, nil = never
    /// mind; `conflict` when it is elsewhere.
    func moveAlias(
        _ alias: String, to package: RecordIdentity, expecting expected: RecordIdentity??,
        at time: EventTime
    ) throws(RegistryError) -> AliasMove
    /// Moves an alias back to the model it was on before its present one, as a move of its own.
    func rollBackAlias(_ alias: String, at time: EventTime) throws(RegistryError) -> AliasMove
    /// The model that an alias is on; nil when it was never moved.
    func alias(_ alias: String) throws(RegistryError) -> RecordIdentity?
    /// Where all aliases are, by name.
    func aliases() throws(RegistryError) -> [AliasMove]
    /// All moves of an alias, oldest first.
    func aliasHistory(_ alias: String) throws(RegistryError) -> [AliasMove]

    /// Begins a run under a number of its own.
    func beginRun(
        _ kind: String, parameters: [String: String], at time: EventTime
    ) throws(RegistryError) -> Int64
    /// Ends a run, once.
    func endRun(
        _ id: Int64, exitCode: Int32, metrics: [String: Double], at time: EventTime
    ) throws(RegistryError)
    /// All runs, oldest first.
    func runs() throws(RegistryError) -> [RunRecord]

    /// Records what the rows of a source were like. A run of the same source, command, span and
    /// identity takes the place of the one before it.
    func record(_ run: QualityRun) throws(RegistryError)
    /// The latest runs in which a source was read, at most `limit`, the newest last.
    func qualityRuns(of source: String, latest limit: Int) throws(RegistryError) -> [QualityRun]
    /// Removes the profile of a column from the run with the number `run`; a missing one is fine.
    func removeProfile(of column: String, run: Int64) throws(RegistryError)
    /// How many rows a subject had in the latest runs like `run` that read something else and did
    /// not stop, at most `limit`, the newest last.
    func earlierRows(
        of subject: String, before run: QualityRun, latest limit: Int
    ) throws(RegistryError) -> [Int]
}

/// What an apply came to.
public enum ApplyOutcome: Hashable, Sendable {
    /// No definition differs; at most the text of the files was brought up to date.
    case unchanged
    /// Something would break; nothing was written.
    case refused(ProjectDifference)
    /// It is applied, as the apply of this number.
    case applied(number: Int, ProjectDifference)
}

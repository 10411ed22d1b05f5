internal import CXGBoost
import Columns

/// A table of training rows inside the library, already cut into quantiles.
///
/// It is filled batch by batch, so the rows never stand in memory as a whole.
@safe package struct XGBoostMatrix: ~Copyable {
    let handle: XGBoostHandle
    /// How many rows it has.
    package let rowCount: Int

    /// Reads all of `batches`, several times.
    ///
    /// - Parameters:
    ///   - library: the library that holds it.
    ///   - batches: the rows, with labels.
    ///   - bins: how many quantiles a column is cut into at most.
    ///   - threads: how many threads the library uses.
    /// - Throws: what reading a batch throws; `library` for rows that it does not take.
    package init(
        library: XGBoostLibrary, batches: any FeatureBatches, bins: Int, threads: Int
    ) throws {
        unsafe try self.init(library, batches, reference: nil, bins: bins, threads: threads)
    }

    /// Reads all of `batches` and cuts them as `reference` is cut, as a validation set needs it.
    package init(
        library: XGBoostLibrary, batches: any FeatureBatches,
        reference: borrowing XGBoostMatrix, bins: Int, threads: Int
    ) throws {
        unsafe try self.init(
            library, batches, reference: reference.handle.raw, bins: bins, threads: threads)
    }

    @unsafe private init(
        _ library: XGBoostLibrary, _ batches: any FeatureBatches, reference: xgboost_handle?,
        bins: Int, threads: Int
    ) throws {
        let feed = try BatchFeed(library, batches)
        var raw: xgboost_handle?
        let config = #"{"missing":NaN,"nthread":\#(threads),"max_bin":\#(bins)}"#
        let status = unsafe library.functions.matrix_from_batches(
            Unmanaged.passUnretained(feed).toOpaque(), feed.proxy.raw, reference,
            { feed in unsafe BatchFeed.at(feed)?.rewind() },
            { feed in unsafe BatchFeed.at(feed)?.next() ?? 0 }, config, &raw)
        let handle = unsafe XGBoostHandle(raw, free: library.functions.matrix_free)
        withExtendedLifetime(feed) {}
        if let error = feed.error { throw error }
        try library.check(status, "take in the rows")
        rowCount = feed.rowCount
        self.handle = handle
    }
}

/// Hands batches to the library, which calls back for them.
@safe private final class BatchFeed {
    let library: XGBoostLibrary
    let proxy: XGBoostHandle
    private let batches: any FeatureBatches
    private var position = 0
    /// The rows that the library reads until it asks for the next ones.
    private var current: FeatureRows?
    /// How many rows the last pass had.
    private(set) var rowCount = 0
    /// What went wrong inside a call of the library's, which knows no Swift errors.
    private(set) var error: (any Error)?

    init(_ library: XGBoostLibrary, _ batches: any FeatureBatches) throws(TrainerError) {
        self.library = library
        self.batches = batches
        var raw: xgboost_handle?
        let status = unsafe library.functions.proxy_create(&raw)
        proxy = unsafe XGBoostHandle(raw, free: library.functions.matrix_free)
        try library.check(status, "make a proxy")
    }

    @unsafe static func at(_ pointer: UnsafeMutableRawPointer?) -> BatchFeed? {
        unsafe pointer.map { unsafe Unmanaged<BatchFeed>.fromOpaque($0).takeUnretainedValue() }
    }

    func rewind() {
        position = 0
        rowCount = 0
    }

    /// 1 when the library was given a batch, 0 at the end.
    func next() -> Int32 {
        do {
            while error == nil, position < batches.batchCount {
                let rows = try batches.rows(batch: position)
                position += 1
                guard rows.rowCount > 0 else { continue }
                try give(rows)
                return 1
            }
        } catch {
            self.error = error
        }
        return 0
    }

    private func give(_ rows: FeatureRows) throws(TrainerError) {
        current = rows
        rowCount += rows.rowCount
        let values = arrayInterface(rows.values, shape: [rows.rowCount, rows.columnCount])
        try library.check(
            unsafe library.functions.proxy_set_dense(proxy.raw, values), "take in a batch")
        let labels = arrayInterface(rows.labels, shape: [rows.rowCount])
        try library.check(
            unsafe library.functions.matrix_set_info(proxy.raw, "label", labels),
            "take in the labels")
    }
}

public import Columns
public import Values

/// Rows that can be read chunk by chunk, in any order and by several threads at a time: a spine or
/// the batch side of a source.
public protocol BatchRows: Sendable {
    /// How many chunks there are; a chunk is what one task reads at a time.
    var chunkCount: Int { get }

    /// How many rows chunk `chunk` has.
    func rowCount(chunk: Int) -> Int

    /// Reads columns of a chunk, with the types of `schema`.
    ///
    /// - Parameters:
    ///   - chunk: below `chunkCount`.
    ///   - schema: the columns wanted; narrower stored types are widened.
    /// - Returns: a batch of exactly that schema with `rowCount(chunk:)` rows.
    /// - Throws: when the rows cannot be read, a column is missing or its type does not widen.
    func read(chunk: Int, schema: Schema) throws -> ColumnBatch
}

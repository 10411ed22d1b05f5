/// Predicts batch by batch with the library: faster than flat trees for many rows at a time.
struct BulkScoring {
    /// The predictions for all rows of `batches`, in order.
    static func predictions(
        _ booster: borrowing XGBoostBooster, _ batches: any FeatureBatches
    ) throws -> [Float] {
        var predictions: [Float] = []
        for batch in 0..<batches.batchCount {
            predictions += try booster.predictions(batches.rows(batch: batch))
        }
        return predictions
    }

    /// Why `model` is not served by flat trees; nil when they predict the same bits as the
    /// library on every row of `batches`.
    static func obstacle(
        toFlatTreesOf model: [UInt8], _ batches: any FeatureBatches, expected: [Float]
    ) throws -> String? {
        let trees: FlatTrees
        do throws(TrainerError) {
            trees = try FlatTrees(model: model)
        } catch {
            guard error.code == .unsupported else { throw error }
            return error.message
        }
        var row = 0
        for batch in 0..<batches.batchCount {
            for prediction in trees.predictions(try batches.rows(batch: batch)) {
                guard prediction.bitPattern == expected[row].bitPattern else {
                    return "flat trees predict \(prediction), the library \(expected[row]), "
                        + "for test row \(row)"
                }
                row += 1
            }
        }
        return nil
    }
}

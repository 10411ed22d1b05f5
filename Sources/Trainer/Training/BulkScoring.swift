import Glibc

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

    /// How flat trees of a model compare with the library.
    struct Comparison {
        /// Why they do not serve the model; nil when they predict the same bits on every row.
        var obstacle: String?
        /// The mean time of the processor that one row took.
        var timePerRow = Duration.zero
    }

    /// Predicts all rows of `batches` with flat trees of `model`, one at a time, and compares
    /// with what the library predicted.
    static func comparison(
        ofFlatTreesOf model: [UInt8], _ batches: any FeatureBatches, expected: [Float]
    ) throws -> Comparison {
        let trees: FlatTrees
        do throws(TrainerError) {
            trees = try FlatTrees(model: model)
        } catch {
            guard error.code == .unsupported else { throw error }
            return Comparison(obstacle: error.message)
        }
        var row = 0
        var time = Duration.zero
        for batch in 0..<batches.batchCount {
            let rows = try batches.rows(batch: batch)
            let start = processorTime()
            let predictions = trees.predictions(rows)
            time += processorTime() - start
            for prediction in predictions {
                guard prediction.bitPattern == expected[row].bitPattern else {
                    return Comparison(
                        obstacle: "flat trees predict \(prediction), the library "
                            + "\(expected[row]), for test row \(row)")
                }
                row += 1
            }
        }
        return Comparison(timePerRow: time / max(1, row))
    }
}

/// How long the processor has worked for this thread; what others make it wait does not count.
private func processorTime() -> Duration {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return .zero }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

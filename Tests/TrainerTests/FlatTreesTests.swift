import Columns
import TestSupport
import Testing

@testable import Trainer

@Suite("Flat trees")
struct FlatTreesTests {
    @Test(
        "predict what the library predicts, bit for bit",
        arguments: ["binary:logistic", "binary:logitraw", "reg:squarederror", "reg:logistic"],
        ["0.5", "0.2345678", "0.9"])
    func equal(objective: String, baseScore: String) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let isLogistic = objective == "reg:logistic"
            let model = try TrainedModel(
                seed: seed, objective: isLogistic ? "binary:logistic" : objective,
                baseScore: baseScore, rounds: Int(seed) * 13,
                extra: isLogistic ? [("objective", objective)] : [])
            let trees = try FlatTrees(model: model.bytes)
            #expect(trees.treeCount == Int(seed) * 13)
            let rows = RandomRows(seed: seed + 100, batchSizes: [3000], columns: 9).all
            let expected = try model.predictions(rows)
            let found = trees.predictions(rows)
            #expect(
                differences(found, expected) == 0,
                "seed \(seed), \(objective), base score \(baseScore)")
        }
    }

    @Test("predict rows of nothing but missing values, and trees of a single leaf")
    func corners() throws {
        let model = try TrainedModel(
            seed: 4, rounds: 9, extra: [("min_child_weight", "1000000")])
        let missing = [Float](repeating: .nan, count: 9)
        let rows = FeatureRows(
            values: FixedValues(missing), labels: FixedValues([]), columnCount: 9)
        let trees = try FlatTrees(model: model.bytes)
        #expect(trees.nodes.count == trees.treeCount)
        #expect(trees.predictions(rows) == (try model.predictions(rows)))
        let deep = try TrainedModel(seed: 5, rounds: 20, extra: [("max_depth", "14")])
        #expect(
            try FlatTrees(model: deep.bytes).predictions(rows) == deep.predictions(rows))
    }

    @Test("add extreme margins as the library does")
    func extremes() throws {
        let model = try TrainedModel(
            seed: 6, objective: "reg:squarederror", baseScore: "-500", rounds: 1)
        let rows = model.rows.all
        let found = try FlatTrees(model: model.bytes).predictions(rows)
        #expect(differences(found, try model.predictions(rows)) == 0)
        for margin in [-200, -104, -89, -88, -87, -30, 0, 30, 90, 200] as [Float] {
            let probability = TreeObjective.logistic.prediction(ofMargin: margin)
            #expect(probability >= 0 && probability <= 1)
        }
    }

    @Test("refuse what they do not implement, by name")
    func refusals() throws {
        let dart = try TrainedModel(seed: 1, rounds: 3, extra: [("booster", "dart")])
        expectRefusal(of: dart.bytes, "the booster 'dart'")
        let linear = try TrainedModel(
            seed: 1, rounds: 0, extra: [("booster", "gblinear"), ("updater", "coord_descent")])
        expectRefusal(of: linear.bytes, "the booster 'gblinear'")
        let classes = try TrainedModel(
            seed: 1, rounds: 3, extra: [("objective", "multi:softprob"), ("num_class", "3")])
        expectRefusal(of: classes.bytes, "several classes")
        let poisson = try TrainedModel(
            seed: 1, rounds: 3, extra: [("objective", "count:poisson")])
        expectRefusal(of: poisson.bytes, "the objective 'count:poisson'")
    }

    @Test("refuse splits by category")
    func categories() throws {
        let model = try TrainedModel(seed: 1, rounds: 1)
        let marker = Array("split_type".utf8)
        let start = try #require(model.bytes.firstRange(of: marker)).upperBound
        // The list of types follows: `[$U#L`, eight bytes of length, one byte per node.
        var bytes = model.bytes
        bytes[start + 13] = 1
        expectRefusal(of: bytes, "splits by category")
    }

    /// How many predictions are not the same bits.
    private func differences(_ left: [Float], _ right: [Float]) -> Int {
        guard left.count == right.count else { return max(left.count, right.count) }
        return zip(left, right).count { $0.bitPattern != $1.bitPattern }
    }

    private func expectRefusal(of model: [UInt8], _ what: String) {
        let error = #expect(throws: TrainerError.self) { try FlatTrees(model: model) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(what) == true, "\(error?.message ?? "")")
    }
}

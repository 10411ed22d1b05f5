import Columns
import Jobs
import Parquet
import Planning
import TestSupport
import Testing
import Values

@testable import Trainer

@Suite("Training")
struct TrainJobTests {
    @Test("learns what is there to learn, and tells how well")
    func learns() throws {
        let shop = try ShopProject()
        let report = try shop.train()
        let counts = report.counts
        #expect(counts.embargoed > 0 && counts.unlabelled > 0 && counts.outside == 0)
        let used = counts.train + counts.validate + counts.test
        #expect(used + counts.embargoed + counts.unlabelled == 4000)
        let test = try #require(report.test.classification?.areaUnderROC)
        let baseline = try #require(report.baseline?.classification?.areaUnderROC)
        #expect(test > 0.8 && test > baseline + 0.05, "AUC \(test), without history \(baseline)")
        #expect(report.baselineInputs == ["basket", "big"])
        #expect(report.rounds > 0 && report.rounds <= 60)
        #expect(report.flatTreesObstacle == nil)
        #expect(report.package.inputs.map(\.field.name).contains("share"))
        let gains = report.importance.map(\.gain)
        #expect(gains == gains.sorted(by: >) && gains[0] > 0)
    }

    @Test("gives the same bytes twice, and does not train twice unless it must")
    func deterministic() throws {
        let first = try ShopProject()
        let second = try ShopProject()
        let report = try first.train()
        #expect(try second.train().package.digest == report.package.digest)
        let error = #expect(throws: JobError.self) { try first.train() }
        #expect(error?.code == .nothingToDo)
        #expect(try first.train(isForced: true).package.digest == report.package.digest)
        let other = try ShopProject(
            pipeline: ShopProject.pipeline.replacing("depth: 4", with: "depth: 5"))
        #expect(try other.train().package.digest != report.package.digest)
    }

    @Test("predicts numbers by their squared error")
    func regression() throws {
        let shop = try ShopProject(
            pipeline: ShopProject.pipeline.replacing("label: returned", with: "label: amount"))
        let report = try shop.train()
        let error = try #require(report.test.rootMeanSquaredError)
        #expect(error < 1.5, "RMSE \(error)")
        #expect(report.test.classification == nil)
    }

    @Test("trains on the rows of each interval alone, the same in every reading")
    func parts() throws {
        let shop = try ShopProject()
        let training = try #require(shop.pipeline.training)
        let file = try ParquetFile(path: shop.dataset)
        let labels = try SplitLabels(
            file, time: "at", label: "returned", split: training.split)
        for (part, expected) in [
            (TimeSplit.Part.train, labels.train), (.validate, labels.validate),
            (.test, labels.test),
        ] {
            let rows = DatasetRows(
                file: file, time: "at", label: "returned",
                encoder: try FeatureEncoder(training.inputs.map(\.field)),
                split: training.split, part: part)
            var found: [Float] = []
            for batch in 0..<rows.batchCount {
                let read = try rows.rows(batch: batch)
                for row in 0..<read.rowCount { found.append(read.labels[row]) }
            }
            #expect(found == expected)
        }
    }

    @Test("refuses a data set of other features, naming the one that differs")
    func otherFeatures() throws {
        let shop = try ShopProject()
        let changed = try ShopProject(
            definitions: ShopProject.definitions.replacing(
                "count() over 7d", with: "count() over 3d"))
        let job = try TrainJob(
            pipeline: changed.pipeline, folder: shop.folder.path, datasetPath: shop.dataset)
        let error = #expect(throws: TrainerError.self) { try job.run() }
        #expect(error?.code == .mismatch)
        #expect(error?.message.contains("'spending__orders' differs") == true)
    }

    @Test("refuses a data set that is not there, was changed, or has no row for a part")
    func unfit() throws {
        let shop = try ShopProject()
        let missing = try TrainJob(
            pipeline: shop.pipeline, folder: shop.folder.path, datasetPath: "no/such.parquet")
        #expect(throws: TrainerError.self) { try missing.run() }
        let early = try ShopProject(
            pipeline: ShopProject.pipeline.replacing("2024-01-01", with: "2023-01-01")
                .replacing("2024-03-01", with: "2023-03-01"))
        let error = #expect(throws: TrainerError.self) { try early.train() }
        #expect(error?.message.contains("the interval 'train'") == true)
        let bytes = try FileSystem.bytes(of: shop.dataset)
        try FileSystem.write(bytes + [0], to: shop.dataset)
        #expect(throws: TrainerError.self) { try shop.train() }
    }

    @Test("refuses labels that are neither 0 nor 1, and labels that are all the same")
    func labels() throws {
        let numbers = try ShopProject(
            pipeline: ShopProject.pipeline.replacing("label: returned", with: "label: amount")
                .replacing("kind: xgboost", with: "kind: xgboost\n  objective: binary:logistic"))
        let error = #expect(throws: TrainerError.self) { try numbers.train() }
        #expect(error?.message.contains("is neither 0 nor 1") == true)
        let same = try ShopProject(
            pipeline: ShopProject.pipeline.replacing(
                "time: at", with: "time: at\n  where: returned"))
        let refusal = #expect(throws: TrainerError.self) { try same.train() }
        #expect(refusal?.message.contains("all labels of 'train' are true") == true)
    }

    @Test("stops when the validation rows gain no more, and keeps the best rounds")
    func earlyStop() {
        var stop = EarlyStop(patience: 2)
        for error in [3, 2, 2.5] { stop.add(error) }
        #expect(!stop.isReached && stop.bestRounds == 2)
        stop.add(2)
        #expect(stop.isReached && stop.bestRounds == 2)
        var endless = EarlyStop(patience: 0)
        for _ in 0..<100 { endless.add(1) }
        #expect(!endless.isReached && endless.bestRounds == 1)
        var noise = EarlyStop(patience: 3)
        for _ in 0..<3 { noise.add(.nan) }
        #expect(!noise.isReached || noise.bestRounds == 1)
    }
}

import Columns
import Jobs
import Parquet
import Planning
import TestSupport
import Testing
import Values

@testable import Trainer

@Suite("A model package")
struct ModelPackageTests {
    @Test("is read back whole, by its digest, the beginning of it, or its pipeline")
    func readBack() throws {
        let shop = try ShopProject()
        let report = try shop.train()
        let store = ModelStore(folder: shop.folder.path)
        #expect(try store.digests() == [report.package.digest])
        for name in [report.package.digest, report.package.shortDigest, "returns"] {
            #expect(try store.package(named: name).digest == report.package.digest)
        }
        for name in ["", "zz", "other", "../x"] {
            #expect(throws: TrainerError.self) { try store.package(named: name) }
        }
        try report.package.check(against: shop.pipeline.service)
    }

    @Test("is refused when any byte of any file differs", arguments: ["model.json", "model.ubj"])
    func corrupt(file: String) throws {
        let shop = try ShopProject()
        let path = try shop.train().path
        let bytes = try FileSystem.bytes(of: "\(path)/\(file)")
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
            var damaged = bytes
            damaged[place] ^= 0x20
            try FileSystem.write(damaged, to: "\(path)/\(file)")
            let error = #expect(throws: TrainerError.self) { try ModelPackage(path: path) }
            #expect(error?.code == .corrupt)
        }
        try FileSystem.write(Array(bytes.dropLast()), to: "\(path)/\(file)")
        #expect(throws: TrainerError.self) { try ModelPackage(path: path) }
        try FileSystem.remove("\(path)/\(file)")
        #expect(throws: TrainerError.self) { try ModelPackage(path: path) }
    }

    @Test(
        "is refused for a service of other features, naming the one that differs",
        arguments: [
            ("sum(amount) over 7d", "sum(amount) over 3d", "'spending__spent' is another"),
            ("share: basket / spent", "share: spent / basket", "'share' is another"),
            ("orders: count()", "visits: count()", "'spending__orders' is no longer in"),
            (
                "share: basket / spent", "share: basket / spent\n      twice: basket * 2",
                "'twice' is not in the model"
            ),
            (
                "big: basket > 3\n      share: basket / spent",
                "share: basket / spent\n      big: basket > 3",
                "'share' stands where 'big' stood"
            ),
            ("- name: returns", "- name: others", "not on 'others'"),
        ])
    func mismatch(old: String, new: String, message: String) throws {
        let package = try ShopProject().train().package
        let text = ShopProject.definitions.replacing(old, with: new)
        let pipeline = ShopProject.pipeline.replacing(
            "service: returns",
            with: new.hasSuffix("others") ? "service: others" : "service: returns")
        let changed = try ShopProject(definitions: text, pipeline: pipeline)
        let error = #expect(throws: TrainerError.self) {
            try package.check(against: changed.pipeline.service)
        }
        #expect(error?.code == .mismatch)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("predicts from columns what the library predicts from the data set")
    func predicts() throws {
        let shop = try ShopProject()
        let package = try shop.train().package
        let predictor = try Predictor(package)
        #expect(predictor.fallbackReason == nil)
        let file = try ParquetFile(path: shop.dataset)
        let batch = try file.read(rowGroup: 0, columns: file.schema.fields.map(\.name))
        let encoder = try FeatureEncoder(package.inputs.map(\.field))
        let expected = try XGBoostBooster(library: .open(), model: package.model, threads: 1)
            .predictions(encoder.rows(of: batch))
        let found = try predictor.predictions(for: batch)
        #expect(found.count == batch.rowCount)
        #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
        let rows = try encoder.rows(of: batch)
        for row in 0..<100 {
            let first = row * rows.columnCount
            let numbers = (first..<first + rows.columnCount).map { rows.values[$0] }
            #expect(try predictor.prediction(for: numbers).bitPattern == found[row].bitPattern)
        }
        let lacking = ColumnBatch(schema: Schema([]), columns: [], rowCount: 0)
        #expect(throws: TrainerError.self) { try predictor.predictions(for: lacking) }
    }
}

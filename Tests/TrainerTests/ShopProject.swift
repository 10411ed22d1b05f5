import Columns
import Foundation
import Jobs
import Parquet
import Planning
import TestSupport
import Trainer
import Values

/// A small project in a folder of its own: orders, a service over them, a pipeline, a data set.
struct ShopProject {
    static let definitions = """
        project: shop
        entities:
          - name: customer
            keys: { customer: int64 }
        sources:
          - name: orders
            event_time: at
            schema:
              customer: int64
              amount: double
              basket: double
              note: string
              returned: bool
              at: timestamp
            batch:
              parquet: data/orders.parquet
        views:
          - name: spending
            entity: customer
            source: orders
            refresh: stream
            features:
              spent: sum(amount) over 7d
              orders: count() over 7d
              last_at: last(at) over 7d
        services:
          - name: returns
            request:
              basket: double
            features:
              - spending.*
            derived:
              big: basket > 3
              share: basket / spent

        """

    static let pipeline = """
        name: returns
        service: returns
        spine:
          source: orders
          time: at
        label: returned
        features:
          exclude:
            - spending__last_at
        split:
          train: [2024-01-01, 2024-03-01]
          validate: [2024-03-01, 2024-03-16]
          test: [2024-03-16, 2024-04-01]
          embargo: 2d
        trainer:
          kind: xgboost
          rounds: 60
          early_stopping: 5
          depth: 4

        """

    let folder: TemporaryFolder
    let project: Project
    let pipeline: PipelinePlan
    let dataset: String

    init(
        definitions: String = Self.definitions, pipeline text: String = Self.pipeline,
        seed: UInt64 = 1
    ) throws {
        folder = try TemporaryFolder()
        try FileSystem.makeFolder(folder.file("feature-definitions"))
        try FileSystem.makeFolder(folder.file("pipelines"))
        try FileSystem.makeFolder(folder.file("data"))
        try FileSystem.write(definitions, to: folder.file("feature-definitions/shop.yaml"))
        try FileSystem.write(text, to: folder.file("pipelines/returns.yaml"))
        try Self.writeOrders(to: folder.file("data/orders.parquet"), seed: seed)
        project = try Project(folder: folder.path)
        pipeline = try project.pipeline(at: folder.file("pipelines/returns.yaml"))
        dataset = folder.file("data/training.parquet")
        _ = try DatasetJob(
            service: pipeline.service, spine: .pipeline(pipeline.spine),
            places: SourcePlaces(folder: folder.path),
            options: DatasetOptions(output: dataset)
        ).run()
    }

    func train(isForced: Bool = false) throws -> TrainReport {
        try TrainJob(
            pipeline: pipeline, folder: folder.path, datasetPath: dataset, isForced: isForced
        ).run()
    }

    /// 4,000 orders of 40 customers in the first 91 days of 2024; who spent much returns much.
    private static func writeOrders(to path: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start: Int64 = 1_704_067_200_000_000
        let rows = 4000
        var columns: [[Scalar]] = Array(repeating: [], count: 6)
        for row in 0..<rows {
            let customer = Int64.random(in: 0..<40, using: &random)
            let basket = Double.random(in: 0...6, using: &random)
            let noise = Double.random(in: -2...2, using: &random)
            let isReturned = basket / 2 + Double(customer % 8) / 2 + noise > 4
            let amount = Double(customer % 8) + Double.random(in: 0...1, using: &random)
            let time =
                start + Int64(row) * 1_965_600_000 + Int64.random(in: 0..<1000, using: &random)
            columns[0].append(.integer(customer))
            columns[1].append(row % 50 == 0 ? .null : .double(amount))
            columns[2].append(row % 60 == 0 ? .null : .double(basket))
            columns[3].append(.string("note"))
            columns[4].append(row % 70 == 0 ? .null : .bool(isReturned))
            columns[5].append(.timestamp(EventTime(microseconds: time)))
        }
        let schema = Schema([
            Field(name: "customer", type: .int64), Field(name: "amount", type: .double),
            Field(name: "basket", type: .double), Field(name: "note", type: .string),
            Field(name: "returned", type: .bool), Field(name: "at", type: .timestamp),
        ])
        let writer = try ParquetWriter(path: path, schema: schema)
        try writer.write(
            ColumnBatch(
                schema: schema,
                columns: zip(schema.fields, columns).map { Column(type: $0.type, $1) },
                rowCount: rows))
        try writer.close()
    }
}

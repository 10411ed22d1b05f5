import DefinitionFiles
import Planning
import TestSupport
import Values

@testable import Registry

/// Times, identities and projects for tests.
enum Sample {
    static func time(_ seconds: Int64) -> EventTime {
        EventTime(microseconds: seconds * 1_000_000)
    }

    static func digest(_ text: String) -> FeatureDigest { FeatureDigest(ofCanonicalText: text) }

    static func owner(_ number: UInt8) -> ClaimOwner {
        ClaimOwner(
            token: Array(repeating: number, count: 16), machine: "another", process: 1,
            processStart: 1)
    }

    static func project(_ yaml: String = definitions) throws -> AppliedProject {
        var loader = DefinitionLoader()
        let project = try loader.project(files: [("shop.yaml", Array(yaml.utf8))])
        return AppliedProject(try ProjectPlan.compile(project))
    }

    static let files = [AppliedFile(path: "feature-definitions/shop.yaml", text: definitions)]

    static let definitions = """
        project: shop
        entities:
          - name: customer
            keys: { customer: string }
        sources:
          - name: orders
            event_time: ordered_at
            schema:
              customer: string
              amount: double
              ordered_at: timestamp
            batch:
              parquet: data/orders
        views:
          - name: spending
            entity: customer
            source: orders
            refresh: stream
            features:
              orders: count() over [7d, 30d]
              spent: sum(amount) over 30d
              last_amount: last(amount)
        services:
          - name: next_order
            request:
              basket: double
            features:
              - spending.spent
              - spending.orders_7d
            derived:
              share: basket / spent
        """

    static func model(_ name: String, _ digests: [FeatureDigest]) -> ModelRecord {
        ModelRecord(
            package: RecordIdentity(of: name), name: name, path: "models/\(name)",
            service: "next_order", serviceIdentity: digest("service"), digests: digests,
            dataSet: RecordIdentity(of: "rows"), metrics: ["auc": 0.75, "loss": .nan],
            registeredAt: time(5))
    }
}

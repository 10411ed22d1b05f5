import DefinitionFiles
import Definitions
import Planning
import Testing
import Values

/// A small project whose lines a test can exchange.
enum TestProject {
    static let text = """
        project: shop
        entities:
          - name: shop
            keys: { shop: string }
        sources:
          - name: sales
            event_time: sold_at
            schema:
              shop: string
              amount: double
              status: string
              spare: int64
              at: timestamp
            columns:
              doubled: amount * 2
              unused: spare + 1
              sold_at: at + minutes(1)
            batch:
              parquet: data/sales
        views:
          - name: sold
            entity: shop
            source: sales
            refresh: stream
            where: status != 'void'
            features:
              n: count() over 1h
              total: sum(doubled) where amount > 0 over 24h
          - name: newest
            entity: shop
            source: sales
            refresh: every 1h delay 10m
            ttl: 1d
            features:
              amount: amount
              status: status
        services:
          - name: answers
            request:
              distance: double
            features:
              - sold.*
              - newest.amount
            derived:
              per_mile: amount / distance
              twice: per_mile * 2

        """

    /// The plan of the text after exchanging `lines`, each of which must be there.
    static func plan(exchanging lines: [(String, String)] = []) throws -> ProjectPlan {
        var text = text
        for (old, new) in lines {
            #expect(text.contains(old), "the project has no `\(old)`")
            text = text.replacing(old, with: new)
        }
        return try compile(text)
    }

    static func compile(_ text: String) throws -> ProjectPlan {
        var loader = DefinitionLoader()
        do {
            let project = try loader.project(files: [("shop.yaml", Array(text.utf8))])
            return try ProjectPlan.compile(project)
        } catch {
            Issue.record("\(error.rendered(from: loader.files))")
            throw error
        }
    }

    /// The digests of the features n, total, amount, status, per_mile, twice by name.
    static func digests(exchanging lines: [(String, String)] = []) throws -> [String: String] {
        let plan = try plan(exchanging: lines)
        var digests: [String: String] = [:]
        for view in plan.views {
            for (name, digest) in zip(view.features.names, view.features.digests) {
                digests[name] = digest.description
            }
        }
        for derived in plan.services[0].derived {
            digests[derived.name] = derived.digest.description
        }
        return digests
    }
}

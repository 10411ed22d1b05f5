import Foundation
import Jobs
import TestSupport
import Testing
import Values

@Suite("Checking a project")
struct CheckingTests {
    @Test("finds what is wrong with definitions and pipelines in one run")
    func everything() throws {
        let both = try messages(entity: "shopp", pipelines: [("a", "sourc"), ("b", "source")])
        #expect(both == ["unknown entity `shopp`", "a spine has no key `sourc`"])
        let pipelines = try messages(entity: "shop", pipelines: [("a", "sourc"), ("b", "source")])
        #expect(pipelines == ["a spine has no key `sourc`", "unknown service `b`"])
        #expect(try messages(entity: "shop", pipelines: []) == [])
    }

    private func messages(entity: String, pipelines: [(String, String)]) throws -> [String] {
        let folder = try TemporaryFolder()
        func write(_ path: String, _ text: String) throws {
            let url = URL(filePath: folder.path).appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try write(
            "feature-definitions/a.yaml",
            """
            project: shop
            entities:
              - name: shop
                keys: { shop: string }
            sources:
              - name: sales
                event_time: at
                schema:
                  shop: string
                  at: timestamp
                batch:
                  parquet: data/sales
            views:
              - name: sold
                entity: \(entity)
                source: sales
                refresh: stream
                features:
                  n: count()

            """)
        for (name, key) in pipelines {
            try write(
                "pipelines/\(name).yaml",
                "name: \(name)\nservice: \(name)\nspine:\n  \(key): sales\n  time: at\n")
        }
        do {
            _ = try Project.checked(folder: folder.path)
            return []
        } catch let error as DefinitionError {
            return error.diagnostics.sorted.map(\.message)
        }
    }
}

import Foundation
import Stores
import TestSupport
import Values

/// A project whose files are large enough to meet a full disk: 6,000 orders of 2,000 customers.
struct FaultShop {
    static let customers = 2000
    static let early = "2026-02-01T00:00:00Z"
    static let late = "2026-03-01T00:00:00Z"
    let path: String

    /// Makes the project in a folder that does not exist.
    static func make(at path: String) throws -> FaultShop {
        let shop = FaultShop(path: path)
        for folder in ["feature-definitions", "pipelines", "input"] {
            try FileManager.default.createDirectory(
                atPath: shop.file(folder), withIntermediateDirectories: true)
        }
        try shop.write("feature-definitions/shop.yaml", definitions)
        try shop.write("pipelines/returns.yaml", pipeline)
        try shop.write("input/orders.csv", orders)
        return shop
    }

    /// Copies the project with all that commands made of it.
    func copy(to path: String) throws -> FaultShop {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: self.path, toPath: path)
        return FaultShop(path: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    func run(_ words: [String]) throws -> RoostProcess {
        try RoostProcess.start(words + ["--json"], in: path).finish()
    }

    /// Every file below `folder`, hidden ones included, with the SHA-256 of its bytes.
    func files(below folder: String) throws -> [String: [UInt8]] {
        let names = FileManager.default.enumerator(atPath: file(folder))?.allObjects ?? []
        var files: [String: [UInt8]] = [:]
        for case let name as String in names {
            var isFolder: ObjCBool = false
            let path = file("\(folder)/\(name)")
            _ = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isFolder.boolValue { continue }
            files[name] = SHA256.hash([UInt8](try Data(contentsOf: URL(filePath: path))))
        }
        return files
    }

    /// The state of one customer's spending.
    func stateBytes(of customer: Int64) throws -> [UInt8]? {
        var key = EntityKey()
        key.append(customer)
        let store = try LMDBOnlineStore(existing: file(".roost/online"))
        return try store.read([StoreRequest(view: "spending", keys: [key])])[0].values[0]
    }

    /// The states of all customers in all views, and what time they are true as of.
    func states() throws -> [String] {
        let store = try LMDBOnlineStore(existing: file(".roost/online"))
        let keys = (0..<Int64(Self.customers)).map { number in
            var key = EntityKey()
            key.append(number)
            return key
        }
        let views = ["spending", "habits"]
        return try store.read(views.map { StoreRequest(view: $0, keys: keys) }).map { answer in
            let states = answer.values.map { $0.map { "\($0)" } ?? "none" }
            return "\(answer.generation.map { "\($0.cut)" } ?? "none"): "
                + states.joined(separator: ";")
        }
    }

    private static var orders: String {
        var random = SeededGenerator(seed: 11)
        let rows = (0..<6000).map { row in
            let minute = row * 9
            let time = EventTime(microseconds: 1_767_225_600_000_000 + Int64(minute) * 60_000_000)
            let amount = Double.random(in: 0...100, using: &random)
            let customer = Int.random(in: 0..<customers, using: &random)
            return "\(customer),\(amount),\(amount + Double(customer % 50) > 70),\(time)"
        }
        return (["customer,amount,returned,at"] + rows).joined(separator: "\n") + "\n"
    }

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
              returned: bool
              at: timestamp
            batch:
              parquet: data/orders
        views:
          - name: spending
            entity: customer
            source: orders
            refresh: stream
            features:
              spent: sum(amount) over 30d
              orders: count()
          - name: habits
            entity: customer
            source: orders
            refresh: every 1d delay 0s
            features:
              mean_amount: mean(amount) over 28d
              last_amounts: last(amount, 3)
        services:
          - name: returns
            features:
              - spending.*
              - habits.mean_amount

        """

    private static let pipeline = """
        name: returns
        service: returns
        spine:
          source: orders
          time: at
        label: returned
        split:
          train: [2026-01-01, 2026-01-25]
          validate: [2026-01-25, 2026-02-01]
          test: [2026-02-01, 2026-02-08]
        trainer:
          kind: xgboost
          rounds: 10
          early_stopping: 0
          threads: 1

        """
}

import Foundation
import Registry
import TestSupport
import Testing

/// Files that were changed behind the back of the program, and writers that meet.
@Suite("Damaged files and second writers", .serialized)
struct DamageTests {
    private static let materialized = ["materialize", "--at", FaultShop.early]
    private let folder: TemporaryFolder
    private let shop: FaultShop

    init() throws {
        folder = try TemporaryFolder()
        shop = try FaultShop.make(at: folder.file("shop"))
        try prepare(["import", "csv", "input/orders.csv", "--source", "orders"])
        try prepare(["apply"])
    }

    private func prepare(_ words: [String]) throws {
        let run = try shop.run(words)
        #expect(run.exitCode == 0, "\(words): \(run.errors)")
    }

    @Test("a damaged state is told, others are answered, and materialize mends it")
    func damagedStates() throws {
        try prepare(Self.materialized)
        let server = try FaultServer(shop.path)
        let whole = try asked(server, 7)
        #expect(whole.status == 200)
        let (good, other) = (try asked(server, 7), try asked(server, 8))
        // The server has the file mapped, so it sees what happens to it.
        let state = try #require(try shop.stateBytes(of: 7))
        let file = shop.file(".roost/online/data.mdb")
        let damaged = try Self.flip(state, in: file, at: state.count / 2)
        #expect(damaged > 0)
        let answer = try asked(server, 7)
        #expect(answer.status == 500 || answer.status == 503, "\(answer)")
        #expect(answer.body.contains("spending"), "\(answer)")
        #expect(try asked(server, 8) == other)
        #expect(try server.health() == 200)
        let looked = try shop.run(["get", "returns", "customer=7", "--clock", FaultShop.early])
        #expect(looked.exitCode == 1 && looked.errors.contains("spending"), "\(looked.errors)")
        #expect(looked.errors.contains("materialize the view again"), "\(looked.errors)")
        try prepare(Self.materialized + ["--force"])
        #expect(try asked(server, 7) == good)
        #expect(server.stop() == 0)
    }

    @Test("a changed model is refused with its file, and the server answers everything else")
    func damagedModels() throws {
        try prepare(Self.materialized)
        try prepare(["train", "returns"])
        let digest = try String(contentsOfFile: shop.file("models/returns.latest"), encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        for name in ["model.ubj", "model.json"] {
            let file = shop.file("models/\(digest)/\(name)")
            let bytes = try Data(contentsOf: URL(filePath: file))
            for damage in [Data(bytes.dropLast(9)), Data(), bytes.flipped(at: bytes.count / 2)] {
                try damage.write(to: URL(filePath: file))
                let server = try FaultServer(shop.path)
                #expect(server.said.contains("is refused"), "\(server.said)")
                #expect(server.said.contains("models/\(digest)/\(name)"), "\(server.said)")
                let predicted = try server.post(
                    "/predict", #"{"model":"returns","entities":{"customer":[7]}}"#)
                #expect(predicted.status == 409 && predicted.body.contains(name), "\(predicted)")
                #expect(try asked(server, 7).status == 200)
                #expect(server.stop() == 0)
            }
            try bytes.write(to: URL(filePath: file))
        }
    }

    @Test("a model of other features is refused with the feature's name")
    func otherDigests() throws {
        try prepare(["train", "returns"])
        let other = FaultShop.definitions.replacing("over 30d", with: "over 20d")
        try shop.write("feature-definitions/shop.yaml", other)
        try prepare(["apply", "--allow-breaking"])
        try prepare(Self.materialized)
        let server = try FaultServer(shop.path)
        let predicted = try server.post(
            "/predict", #"{"model":"returns","entities":{"customer":[7]}}"#)
        #expect(predicted.status == 409 && predicted.body.contains("spending__spent"))
        #expect(try asked(server, 7).status == 200)
    }

    @Test("a damaged registry is refused with its path, and no command changes a byte of it")
    func damagedRegistry() throws {
        try prepare(Self.materialized)
        let file = shop.file(".roost/registry.db")
        let bytes = try Data(contentsOf: URL(filePath: file))
        var told = 0
        for damage in Self.damages(of: bytes) {
            try damage.write(to: URL(filePath: file))
            let run = try shop.run(Self.materialized + ["--force"])
            let isTold = run.exitCode != 0
            told += isTold ? 1 : 0
            if isTold {
                #expect([1, 2, 75].contains(run.exitCode), "\(run.errors)")
                #expect(run.errors.contains(".roost/registry.db"), "\(run.errors)")
                #expect(run.errors.contains("hint:"), "\(run.errors)")
            }
            for rest in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: file + rest)
            }
            try bytes.write(to: URL(filePath: file))
        }
        print("damaged registry: \(told) of \(Self.damages(of: bytes).count) files refused")
        #expect(told >= 5)
        #expect(try shop.run(["plan"]).exitCode == 99)
    }

    @Test("of two materialize at once one does the work, the other ends with 75 and names it")
    func secondWriter() throws {
        let times = [FaultShop.early, FaultShop.late]
        var met = 0
        for round in 0..<10 {
            let first = try RoostProcess.start(
                ["materialize", "--at", times[round % 2], "--force"], in: shop.path)
            let second = try RoostProcess.start(
                ["materialize", "--at", times[(round + 1) % 2], "--force"], in: shop.path)
            let numbers = [first, second].map { $0.process.processIdentifier }
            let runs = [first.finish(), second.finish()]
            #expect(runs.contains { $0.exitCode == 0 }, "\(runs)")
            for (index, run) in runs.enumerated() where run.exitCode != 0 {
                met += 1
                #expect(run.exitCode == 75, "\(run.errors)")
                // The other one may not have begun to write when it is met.
                let names = ["process \(numbers[1 - index]) is", "another process is"]
                #expect(names.contains { run.errors.contains($0) }, "\(run.errors)")
                #expect(run.errors.contains("hint:"))
            }
        }
        print("second writer: met in \(met) of 10 rounds")
        #expect(met > 0)
        try prepare(["materialize", "--at", FaultShop.late, "--force"])
        let expected = try FaultShop.make(at: folder.file("other"))
        for words in [["import", "csv", "input/orders.csv", "--source", "orders"], ["apply"]] {
            #expect(try expected.run(words).exitCode == 0)
        }
        #expect(try expected.run(["materialize", "--at", FaultShop.late]).exitCode == 0)
        #expect(try shop.states() == expected.states())
    }

    @Test("at its greatest size the store keeps what is live, and a larger size mends it")
    func greatestSize() throws {
        try prepare(Self.materialized)
        let kept = try shop.states()
        let server = try FaultServer(shop.path)
        let told = try asked(server, 7)
        let used =
            try FileManager.default.attributesOfItem(
                atPath: shop.file(".roost/online/data.mdb"))[.size] as? Int
        #expect((used ?? 0) > 300 << 10)
        func profile(_ size: String) -> String {
            "profiles:\n  embedded:\n    online: lmdb:.roost/online?size=\(size)\n"
        }
        try shop.write("roost.yaml", profile("1MiB"))
        try shop.write("feature-definitions/shop.yaml", Self.wideDefinitions)
        try prepare(["apply", "--allow-breaking"])
        let full = try shop.run(["materialize", "--at", FaultShop.late])
        #expect(full.exitCode == 75 || full.exitCode == 1, "\(full.errors)")
        #expect(full.errors.contains(".roost/online") && full.errors.contains("greatest size"))
        #expect(full.errors.contains("hint:") && full.errors.contains("?size="))
        #expect(try shop.states() == kept)
        #expect(try asked(server, 7) == told)
        try shop.write("roost.yaml", profile("1GiB"))
        try prepare(["materialize", "--at", FaultShop.late])
        #expect(try shop.states() != kept)
    }

    /// States of several times the size.
    private static var wideDefinitions: String {
        let features = (1...60).map { number in
            "      spent_\(number): sum(amount) where amount > \(number) over 60d hop 1h\n"
        }
        return FaultShop.definitions.replacing(
            "      orders: count()\n", with: "      orders: count()\n" + features.joined())
    }

    private func asked(_ server: FaultServer, _ customer: Int) throws -> FaultServer.Answer {
        try server.post(
            "/get-online-features",
            #"{"feature_service":"returns","entities":{"customer":[\#(customer)]}}"#)
    }

    /// Flips a bit in every place of the file where `bytes` stand; returns how many there are.
    private static func flip(_ bytes: [UInt8], in file: String, at offset: Int) throws -> Int {
        let handle = try FileHandle(forUpdating: URL(filePath: file))
        defer { try? handle.close() }
        let content = try handle.readToEnd() ?? Data()
        var (count, start) = (0, content.startIndex)
        while let range = content[start...].firstRange(of: bytes) {
            let place = range.lowerBound + offset
            try handle.seek(toOffset: UInt64(place))
            try handle.write(contentsOf: Data([content[place] ^ 0x10]))
            (count, start) = (count + 1, range.upperBound)
        }
        return count
    }

    /// Cut off at several places, overwritten, and of another program.
    private static func damages(of bytes: Data) -> [Data] {
        var damages = [50, 1000, 4096, 9000].map { Data(bytes.prefix($0)) }
        damages.append(Data(repeating: 0x41, count: bytes.count))
        damages.append(Data(bytes.prefix(4096)) + Data(repeating: 0xFF, count: bytes.count - 4096))
        var torn = bytes
        for place in stride(from: 4096, to: bytes.count, by: 97) { torn[place] ^= 0x55 }
        damages.append(torn)
        return damages
    }
}

extension Data {
    fileprivate func flipped(at place: Int) -> Data {
        var bytes = self
        bytes[bytes.startIndex + place] ^= 1
        return bytes
    }
}

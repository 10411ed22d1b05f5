import Columns
import TestSupport
import Testing

@testable import Trainer

@Suite("The reader of models")
struct ModelReaderTests {
    @Test("never traps on damaged bytes, and what it accepts can be asked", arguments: [1, 2, 3])
    func fuzz(seed: UInt64) throws {
        let model = try TrainedModel(seed: 1, rounds: 3, columns: 4).bytes
        var random = SeededGenerator(seed: seed)
        let row = [1, .nan, -2, 0] as [Float]
        var accepted = 0
        for _ in 0..<1500 {
            let damaged = damage(model, using: &random)
            do {
                let trees = try FlatTrees(model: damaged)
                accepted += 1
                if trees.columnCount == row.count { _ = trees.prediction(row) }
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
        #expect(accepted > 0 && accepted < 1500, "seed \(seed)")
    }

    @Test("refuses what is left of a model that was cut off")
    func prefixes() throws {
        let model = try TrainedModel(seed: 1, rounds: 1, columns: 3).bytes
        for count in stride(from: 0, to: model.count, by: 5) {
            #expect(throws: TrainerError.self) { try FlatTrees(model: Array(model[..<count])) }
        }
    }

    @Test("refuses lengths beyond the bytes and endless nesting without reserving memory")
    func lengths() {
        let long = [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] as [UInt8]
        for start in ["[$d#L", "[$L#L", "[#L", "SL", "{L"] {
            #expect(throws: TrainerError.self) { try UBJReader.read(Array(start.utf8) + long) }
        }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: TrainerError.self) { try UBJReader.read(deep) }
    }

    @Test("refuses trees that lead in a circle, out of the tree, or to a column that is not there")
    func structure() throws {
        for (left, right, feature) in [(0, 2, 0), (1, 1, 0), (1, 9, 0), (1, -1, 0), (1, 2, 5)] {
            let value = UBJValue.object([
                "tree_param": .object(["size_leaf_vector": .text("0")]),
                "left_children": .integers([Int64(left), -1, -1]),
                "right_children": .integers([Int64(right), -1, -1]),
                "split_indices": .integers([Int64(feature), 0, 0]),
                "default_left": .integers([0, 0, 0]), "split_conditions": .floats([1, 2, 3]),
            ])
            #expect(throws: TrainerError.self) {
                try FlatTrees(TreeModel(trees: [value], columns: 4))
            }
        }
    }

    private func damage(_ model: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = model
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.remove(at: place)
            default: bytes.insert(bytes[place], at: place)
            }
        }
        return bytes
    }
}

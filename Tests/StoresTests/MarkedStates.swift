import Stores
import Testing
import Values

/// A view whose states name their generation and their entity, so that a reader can tell a whole
/// generation from anything else.
enum MarkedStates {
    static let view = "v"

    @discardableResult
    static func fill(
        _ store: any OnlineStore, entities: Int64, mark: Int64
    ) throws -> Generation {
        let writer = try store.beginGeneration(plan(mark))
        for entity in 0..<entities { try writer.append(key(entity).bytes, value(mark, entity)) }
        return try writer.publish()
    }

    /// Reads all entities and one more; every state must be of the live generation.
    ///
    /// - Returns: the mark of the live generation.
    @discardableResult
    static func check(_ store: any OnlineStore, entities: Int64) throws -> Int64 {
        let keys = (0...entities).map { Optional(key($0)) }
        let answer = try store.read([StoreRequest(view: view, keys: keys)])[0]
        let generation = try #require(answer.generation)
        let mark = generation.cut.microseconds
        #expect(generation.entities == Int(entities))
        let expected = (0..<entities).map { Optional(value(mark, $0)) } + [nil]
        let isWhole = answer.values == expected
        #expect(isWhole, "generation \(generation.id)")
        return mark
    }

    static func plan(_ mark: Int64) -> GenerationPlan {
        GenerationPlan(view: view, layout: [], identity: [], cut: EventTime(microseconds: mark))
    }

    static func key(_ number: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(number)
        return key
    }

    static func value(_ mark: Int64, _ entity: Int64) -> [UInt8] {
        Array("\(mark) \(entity) ".utf8)
            + [UInt8](repeating: UInt8(truncatingIfNeeded: mark), count: 60)
    }
}

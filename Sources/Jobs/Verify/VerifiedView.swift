import Planning
import States
import Stores
import Values

/// A view whose live generation is compared with what its rows give.
struct VerifiedView {
    /// How many differences are described; all are counted.
    private static let exampleCount = 10

    let layout: StateLayout
    let generation: Generation
    /// Which rows it was folded from.
    let scope: RowScope
    /// What is compared of a state; nil when it need not be there.
    private let canonical: ([UInt8]) throws -> [UInt8]?

    /// A generation that is as it was built.
    init(_ layout: StateLayout, _ generation: Generation) {
        self.init(
            layout, generation, scope: RowScope(layout.view, cut: generation.cut)
        ) { $0 }
    }

    init(
        _ layout: StateLayout, _ generation: Generation, scope: RowScope,
        canonical: @escaping ([UInt8]) throws -> [UInt8]?
    ) {
        self.layout = layout
        self.generation = generation
        self.scope = scope
        self.canonical = canonical
    }

    /// Walks through both sides together.
    func compare(
        _ expected: inout ExpectedStates, _ stored: inout StoredStates,
        _ report: inout VerifyReport.View
    ) throws {
        var (wanted, found) = (try next(&expected), try next(&stored))
        while wanted != nil || found != nil {
            if found != nil, wanted == nil || isBefore(found?.key, wanted?.stored) {
                note(.extra, found?.key ?? [], nil, &report)
                report.entities += 1
                found = try next(&stored)
            } else if let one = wanted, found == nil || isBefore(one.stored, found?.key) {
                note(.missing, one.entity, nil, &report)
                wanted = try next(&expected)
            } else if let one = wanted, let other = found {
                if one.state != other.value {
                    note(.different, one.entity, (one.state, other.value), &report)
                }
                report.entities += 1
                (wanted, found) = (try next(&expected), try next(&stored))
            }
        }
    }

    private func next(_ expected: inout ExpectedStates) throws -> ExpectedStates.Entry? {
        while var entry = try expected.next() {
            guard let state = try canonical(entry.state) else { continue }
            entry.state = state
            return entry
        }
        return nil
    }

    private func next(
        _ stored: inout StoredStates
    ) throws -> (key: [UInt8], value: [UInt8])? {
        while let (key, value) = try stored.next() {
            if let state = try canonical(value) { return (key, state) }
        }
        return nil
    }

    private func isBefore(_ left: [UInt8]?, _ right: [UInt8]?) -> Bool {
        guard let left, let right else { return false }
        return left.lexicographicallyPrecedes(right)
    }

    private func note(
        _ kind: VerifyReport.Difference.Kind, _ entity: [UInt8],
        _ states: (expected: [UInt8], found: [UInt8])?, _ report: inout VerifyReport.View
    ) {
        report.verdict = .different
        report.counts[kind, default: 0] += 1
        if report.examples.count == Self.exampleCount { return }
        let key = layout.view.keys.text(of: entity)
        guard let states else {
            report.examples.append(
                .init(
                    kind: kind, key: key, feature: nil, expected: nil, found: nil, detail: nil))
            return
        }
        report.examples.append(difference(of: states, key))
    }

    /// The first feature whose value at the cut differs.
    private func difference(
        of states: (expected: [UInt8], found: [UInt8]), _ key: String
    ) -> VerifyReport.Difference {
        let names = layout.view.features.names
        let question = StateQuestion(layout, features: Array(names.indices))
        let cut = generation.cut
        var detail = "the bytes differ, no value as of \(cut) does"
        do throws(StateError) {
            let expected = try FeatureAnswer(
                question, encoded: states.expected, asked: cut, seen: cut)
            let found = try FeatureAnswer(question, encoded: states.found, asked: cut, seen: cut)
            for (index, name) in names.enumerated()
            where expected.values[index] != found.values[index] {
                return .init(
                    kind: .different, key: key, feature: name, expected: expected.values[index],
                    found: found.values[index], detail: nil)
            }
        } catch {
            detail = error.message
        }
        return .init(
            kind: .different, key: key, feature: nil, expected: nil, found: nil, detail: detail)
    }
}

extension [KeyPart] {
    /// An entity's bytes as people write its keys: `origin=JFK dest=LAX`; in hexadecimal digits
    /// when they cannot be read, as the digest of a long one.
    func text(of entity: [UInt8]) -> String {
        var reader = EntityKeyText(bytes: entity[...])
        var parts: [String] = []
        for part in self {
            guard let text = reader.next(part.type) else { return hexadecimal(entity) }
            parts.append("\(part.name)=\(text)")
        }
        return reader.bytes.isEmpty ? parts.joined(separator: " ") : hexadecimal(entity)
    }
}

/// Reads the parts of an entity's bytes, as `EntityKey` writes them.
private struct EntityKeyText {
    private(set) var bytes: ArraySlice<UInt8>

    /// The next part as text; nil when there is none of this type.
    mutating func next(_ type: DataType) -> String? {
        switch type {
        case .bool: bytes.popFirst().map { $0 == 1 ? "true" : "false" }
        case .int32, .int64: integer().map { "\($0)" }
        case .timestamp: integer().map { "\(EventTime(microseconds: $0))" }
        case .date: integer().map { "\(CivilDate(daysSinceEpoch: $0))" }
        case .string: text().flatMap { String(validating: $0, as: UTF8.self) }
        case .bytes: text().map { hexadecimal($0) }
        default: nil
        }
    }

    private mutating func integer() -> Int64? {
        guard bytes.count >= 8 else { return nil }
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        bytes = bytes.dropFirst(8)
        return Int64(bitPattern: number ^ (1 << 63))
    }

    /// Up to `00 00`; `00 FF` stands for `00`.
    private mutating func text() -> [UInt8]? {
        var text: [UInt8] = []
        while let byte = bytes.popFirst() {
            if byte != 0 {
                text.append(byte)
                continue
            }
            switch bytes.popFirst() {
            case 0: return text
            case 0xFF: text.append(0)
            default: return nil
            }
        }
        return nil
    }
}

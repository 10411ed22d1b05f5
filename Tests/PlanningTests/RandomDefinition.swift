/// A small project given by what it means, which can be written in many ways.
struct RandomDefinition: Hashable {
    /// One feature of the view.
    struct Feature: Hashable {
        static let functions = ["sum", "mean", "min", "max", "count", "last", "variance"]

        var function: Int
        /// Whether it is of the computed column instead of the amount.
        var isComputed: Bool
        var condition: Int?
        /// In hours; nil = since ever.
        var window: Int?
        /// In minutes; nil = the standard hop.
        var hop: Int?
        /// The bound of an exact window, which has no hop.
        var maxEvents: Int?
    }

    var isFloat: Bool
    var minutesAfter: Int
    var hasZone: Bool
    var hasKnownAt: Bool
    var status: Int
    var factor: Int
    /// In hours.
    var lateness: Int?
    /// In minutes.
    var maxAhead: Int
    /// In seconds; of a view that is refreshed by a stream.
    var visibleDelay: Int
    /// In hours; nil = by a stream.
    var period: Int?
    /// In hours, of a view that is not.
    var ttl: Int?
    var features: [Feature]

    init(using generator: inout some RandomNumberGenerator) {
        func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
        func maybe<Value>(_ value: Value) -> Value? {
            Bool.random(using: &generator) ? value : nil
        }
        isFloat = .random(using: &generator)
        minutesAfter = number(1...9)
        hasZone = .random(using: &generator)
        hasKnownAt = .random(using: &generator)
        status = number(0...9)
        factor = number(2...9)
        lateness = maybe(number(1...48))
        maxAhead = number(1...9)
        period = maybe(number(1...24))
        visibleDelay = period == nil ? number(0...9) : 0
        ttl = period == nil ? nil : maybe(number(1...48))
        features = (0..<number(1...4)).map { _ in
            let window = maybe(number(1...12))
            let isExact = window != nil && number(0...3) == 0
            return Feature(
                function: number(0...Feature.functions.count - 1),
                isComputed: .random(using: &generator), condition: maybe(number(1...99)),
                window: window, hop: window != nil && !isExact ? maybe(20) : nil,
                maxEvents: isExact ? number(1...99) : nil)
        }
    }

    /// Each way to mean something else in one respect, and the features that it changes.
    var edits: [(changed: RandomDefinition, features: Set<Int>)] {
        let all = Set(features.indices)
        var edits: [(RandomDefinition, Set<Int>)] = []
        func edit(_ affected: Set<Int>, _ change: (inout RandomDefinition) -> Void) {
            var copy = self
            change(&copy)
            edits.append((copy, affected))
        }
        // `count()` reads nothing, so only its condition is about the amount.
        edit(all.filter { features[$0].readsAmount }) { $0.isFloat.toggle() }
        edit(all.filter { features[$0].readsComputed }) { $0.factor += 1 }
        edit(all) { $0.minutesAfter += 1 }
        edit(all) { $0.hasZone.toggle() }
        edit(all) { $0.hasKnownAt.toggle() }
        edit(all) { $0.status += 1 }
        edit(all) { $0.lateness = ($0.lateness ?? 0) + 1 }
        edit(all) { $0.maxAhead = $0.maxAhead == 4 ? 6 : $0.maxAhead + 1 }
        if period == nil {
            edit(all) { $0.visibleDelay += 1 }
            edit(all) { ($0.period, $0.visibleDelay) = (3, 0) }
        } else {
            edit(all) { $0.period = ($0.period ?? 0) + 1 }
            edit(all) { $0.ttl = ($0.ttl ?? 0) + 1 }
        }
        for index in features.indices {
            edit([index]) {
                let next = ($0.features[index].function + 1) % Feature.functions.count
                $0.features[index].function = next
            }
            edit([index]) {
                $0.features[index].condition = ($0.features[index].condition ?? 0) + 1
            }
            edit([index]) { $0.features[index].window = ($0.features[index].window ?? 0) + 1 }
            if features[index].window != nil {
                edit([index]) {
                    $0.features[index].hop = $0.features[index].hop == nil ? 20 : 30
                    $0.features[index].maxEvents = nil
                }
                edit([index]) {
                    $0.features[index].hop = nil
                    $0.features[index].maxEvents = ($0.features[index].maxEvents ?? 0) + 100
                }
            }
            if features[index].functionName != "count" {
                edit([index]) { $0.features[index].isComputed.toggle() }
            }
        }
        return edits
    }
}

extension RandomDefinition.Feature {
    var functionName: String { Self.functions[function] }

    var readsAmount: Bool { functionName != "count" || condition != nil }

    var readsComputed: Bool { functionName != "count" && isComputed }
}

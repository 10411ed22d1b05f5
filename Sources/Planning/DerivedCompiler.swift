import Definitions
import Expressions
import Values

/// Checks the derived features of one service.
///
/// An expression may use outputs by their column, `view.feature` or the short name where that is
/// unique, request columns, and derived features above. A column, alias, request column or
/// derived feature wins over a short name.
struct DerivedCompiler {
    private let service: ServiceDefinition
    private var scope: Scope
    /// The parts that say which input a column is.
    private var identities: [String: [String]] = [:]
    /// What is wrong already; its uses are not reported again.
    private var broken: Set<String> = []

    init(_ service: ServiceDefinition, features: [ServiceOutput], zones: ZoneCatalog) {
        self.service = service
        scope = Scope(zones: zones)
        addShortNames(features)
        addPaths(features)
        for output in features {
            add(output.feature.column, output.feature.type)
            // The same feature of another airport is another input.
            identities[output.feature.column] =
                [output.feature.digest.description] + output.roleColumns
        }
        for column in service.request {
            add(column.name.value, column.type.value)
            identities[column.name.value] = ["request \(column.type.value)"]
        }
    }

    private mutating func add(_ column: String, _ type: DataType) {
        scope.add(path: [column], column: column, type: type)
    }

    private mutating func addShortNames(_ features: [ServiceOutput]) {
        let groups = Dictionary(grouping: features, by: \.feature.shortName)
        for (short, outputs) in groups { add(path: [short], outputs, isShort: true) }
    }

    private mutating func addPaths(_ features: [ServiceOutput]) {
        let groups = Dictionary(grouping: features, by: \.path)
        for (path, outputs) in groups {
            let plain = outputs.filter { !$0.isAliased }
            add(path: path, plain.isEmpty ? outputs : plain, isShort: false)
        }
    }

    private mutating func add(path: [String], _ outputs: [ServiceOutput], isShort: Bool) {
        if outputs.count == 1, let feature = outputs.first?.feature {
            scope.add(path: path, column: feature.column, type: feature.type)
        } else {
            let names = outputs.map {
                isShort && !$0.isAliased ? $0.path.joined(separator: ".") : $0.feature.column
            }
            scope.markAmbiguous(path: path, fullNames: names)
        }
    }

    mutating func compile(reporting diagnostics: inout Diagnostics) -> [DerivedFeature] {
        var compiled: [DerivedFeature] = []
        for (index, derived) in service.derived.enumerated() {
            let isReported =
                broken.contains(derived.name.value) || uses(broken: derived.expression)
            broken.insert(derived.name.value)
            if isReported { continue }
            if let error = forwardReference(of: derived, at: index) {
                diagnostics.report(error)
                continue
            }
            let scope = scope
            let typed = diagnostics.collect { () throws(Diagnostic) in
                let typed = try derived.expression.typed(in: scope)
                try refuseAbstract(
                    typed.type, of: "the derived feature `\(derived.name.value)`",
                    at: derived.expression)
                return typed
            }
            guard let typed else { continue }
            let text = canonicalText(of: typed)
            let digest = FeatureDigest(ofCanonicalText: text)
            broken.remove(derived.name.value)
            add(derived.name.value, typed.type)
            identities[derived.name.value] = [digest.description]
            compiled.append(
                DerivedFeature(
                    name: derived.name.value, expression: typed, digest: digest,
                    canonicalText: text))
        }
        return compiled
    }

    private func uses(broken expression: ExpressionText) -> Bool {
        expression.syntax.names.contains { reference in
            guard let name = reference.path.first, reference.path.count == 1 else { return false }
            return broken.contains(name) && !scope.contains(path: [name])
        }
    }

    private func canonicalText(of expression: TypedExpression) -> String {
        var text = CanonicalText("derived feature", version: ViewIdentity.textVersion)
        text.add("semantics", "\(ViewIdentity.semanticsVersion)")
        text.add("expressions", "\(TypedExpression.canonicalTextVersion)")
        text.add("expression", expression.canonicalText)
        text.add("type", expression.type.description)
        for column in expression.referencedColumns {
            text.add("input", column)
            for part in identities[column] ?? [] { text.add("input identity", part) }
        }
        return text.text
    }

    /// The use of a derived feature that does not stand above.
    private mutating func forwardReference(of derived: NamedExpression, at index: Int)
        -> Diagnostic?
    {
        let name = derived.name.value
        for reference in derived.expression.syntax.names where reference.path.count == 1 {
            guard let used = reference.path.first, !scope.contains(path: [used]),
                service.derived[index...].contains(where: { $0.name.value == used })
            else { continue }
            if let cycle = cycle(from: used, to: name) {
                broken.formUnion(cycle)
                return derived.expression.diagnostic(
                    "derived features in a circle: \(([name] + cycle).joined(separator: " -> "))",
                    reference, hint: "remove one of these uses")
            }
            return derived.expression.diagnostic(
                "`\(name)` uses the derived feature `\(used)`, which is not above it", reference,
                hint: "move `\(used)` above `\(name)`")
        }
        return nil
    }

    /// The way from `start` along its uses to `goal`, both included; nil when there is none.
    private func cycle(from start: String, to goal: String) -> [String]? {
        var ways = [[start]]
        var seen: Set<String> = [start]
        while !ways.isEmpty {
            let way = ways.removeFirst()
            guard let last = way.last else { continue }
            if last == goal { return way }
            let expression = service.derived.first { $0.name.value == last }?.expression
            for reference in expression?.syntax.names ?? [] {
                guard let used = reference.path.first, reference.path.count == 1,
                    !scope.contains(path: [used]), seen.insert(used).inserted
                else { continue }
                ways.append(way + [used])
            }
        }
        return nil
    }
}

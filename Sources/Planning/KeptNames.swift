import Definitions
import Values

/// Which windows of a view's lists have the plain names of their features.
///
/// So a feature with one window can get others beside it and none of those who use it needs to
/// know: its name stays, and its digest, which holds no names, does too.
struct KeptNames {
    private var windows: [String: EventDuration] = [:]

    /// Checks what `view` keeps; a partial one lacks features because they are wrong.
    init(of view: ViewDefinition, isPartial: Bool, reporting diagnostics: inout Diagnostics) {
        reportDuplicates(view.kept.map(\.feature), "kept name", to: &diagnostics)
        for kept in view.kept {
            windows[kept.feature.value] = kept.window.length.value
            if let problem = Self.problem(with: kept, in: view, isPartial) {
                diagnostics.report(problem)
            }
        }
    }

    /// The window of the list of `feature` that has the plain name.
    func window(of feature: Name) -> EventDuration? { windows[feature.value] }

    private static func problem(
        with kept: KeptName, in view: ViewDefinition, _ isPartial: Bool
    ) -> Diagnostic? {
        let name = kept.feature.value
        guard let feature = view.features.first(where: { $0.name.value == name }) else {
            let names = view.features.map(\.name.value)
            return isPartial
                ? nil
                : kept.feature.diagnostic(
                    "the view `\(view.name.value)` has no feature `\(name)` to keep the name of",
                    hint: remedy(for: name, among: names))
        }
        guard case .aggregate(let aggregate) = feature.body,
            case .list(let windows) = aggregate.windows
        else {
            return kept.feature.diagnostic(
                "`\(name)` has no list of windows, so it is called that anyway",
                hint: "remove it from `keep:`")
        }
        if windows.contains(where: { $0.length.value == kept.window.length.value }) { return nil }
        return kept.window.length.diagnostic(
            "the list of `\(name)` has no window of \(kept.window.text)",
            hint: "its windows are \(windows.map(\.text).joined(separator: ", "))")
    }
}

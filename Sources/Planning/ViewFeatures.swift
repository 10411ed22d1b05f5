import Expressions
public import Values

/// The features of a view, which is either latest values or aggregates, in the written order.
public enum ViewFeatures: Hashable, Sendable {
    /// Values of the newest visible row.
    case latest([LatestFeature])
    /// Aggregates of the visible rows.
    case aggregates([AggregateFeature])
}

extension ViewFeatures {
    /// The features' names in the written order.
    public var names: [String] {
        switch self {
        case .latest(let features): features.map(\.name)
        case .aggregates(let features): features.map(\.name)
        }
    }

    /// The features' types in the written order.
    public var types: [DataType] {
        switch self {
        case .latest(let features): features.map(\.expression.type)
        case .aggregates(let features): features.map(\.type)
        }
    }

    /// The features' digests in the written order.
    public var digests: [FeatureDigest] {
        switch self {
        case .latest(let features): features.map(\.digest)
        case .aggregates(let features): features.map(\.digest)
        }
    }

    /// How many features there are.
    public var count: Int {
        switch self {
        case .latest(let features): features.count
        case .aggregates(let features): features.count
        }
    }
}

extension ViewFeatures {
    /// What to say to somebody who asks for `name`, which is none, with or without a window.
    func remedy(forWindowOf name: String) -> String? {
        guard case .aggregates(let features) = self else { return nil }
        let windows = features.compactMap { feature in
            feature.name.window(of: name).map { (name: feature.name, text: $0) }
        }
        if let first = windows.first {
            let names = windows.map { "`\($0.name)`" }.joined(separator: ", ")
            return "its windows are \(names); `keep: { \(name): \(first.text) }` in the view would "
                + "leave one the plain name"
        }
        let plain = features.first { feature in
            name.window(of: feature.name).flatMap { EventDuration(parsing: $0) }
                == feature.window.length && feature.window.length != nil
        }
        return plain.map { "its window is called `\($0.name)`" }
    }
}

extension String {
    /// The window that a list of windows adds as a suffix to `feature` to give this name.
    package func window(of feature: String) -> String? {
        guard hasPrefix(feature + "_") else { return nil }
        let text = String(dropFirst(feature.count + 1))
        return EventDuration(parsing: text).map { _ in text }
    }
}

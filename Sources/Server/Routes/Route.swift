/// What this server offers, by path.
enum Route: Int, CaseIterable {
    case onlineFeatures
    case predict
    case health
    case metrics
    /// Any other path, or what was no request.
    case other

    init(path: String) {
        switch path {
        case "/get-online-features": self = .onlineFeatures
        case "/predict": self = .predict
        case "/health": self = .health
        case "/metrics": self = .metrics
        default: self = .other
        }
    }

    /// How metrics call it.
    var label: String {
        switch self {
        case .onlineFeatures: "/get-online-features"
        case .predict: "/predict"
        case .health: "/health"
        case .metrics: "/metrics"
        case .other: "other"
        }
    }

    /// The value of Allow; nil when there is nothing at that path.
    var allow: String? {
        switch self {
        case .onlineFeatures, .predict: "POST"
        case .health, .metrics: "GET, HEAD"
        case .other: nil
        }
    }

    func takes(_ method: HTTPMethod) -> Bool {
        switch self {
        case .onlineFeatures, .predict: method == .post
        case .health, .metrics: method == .get || method == .head
        case .other: true
        }
    }
}

/// What this server offers, by path.
enum Route: Int, CaseIterable {
    case onlineFeatures
    case predict
    case writeToOnlineStore
    case push
    case materialize
    case materializeIncremental
    case health
    case metrics
    /// Any other path, or what was no request.
    case other

    init(path: String) {
        switch path {
        case "/get-online-features": self = .onlineFeatures
        case "/predict": self = .predict
        case "/write-to-online-store": self = .writeToOnlineStore
        case "/push": self = .push
        case "/materialize": self = .materialize
        case "/materialize-incremental": self = .materializeIncremental
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
        case .writeToOnlineStore: "/write-to-online-store"
        case .push: "/push"
        case .materialize: "/materialize"
        case .materializeIncremental: "/materialize-incremental"
        case .health: "/health"
        case .metrics: "/metrics"
        case .other: "other"
        }
    }

    /// The value of Allow; nil when there is nothing at that path.
    var allow: String? {
        switch self {
        case .health, .metrics: "GET, HEAD"
        case .other: nil
        default: "POST"
        }
    }

    func takes(_ method: HTTPMethod) -> Bool {
        switch self {
        case .health, .metrics: method == .get || method == .head
        case .other: true
        default: method == .post
        }
    }
}

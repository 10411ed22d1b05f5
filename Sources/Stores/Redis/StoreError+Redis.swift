import Redis

extension StoreError {
    /// The failure of a Redis server, in the words of stores.
    init(_ error: RedisError) {
        let code: StoreError.Code =
            switch error.code {
            case .full: .full
            case .denied: .denied
            case .unsafeSetup, .badAddress, .badTLS, .insecure: .unsafeSetup
            case .disconnected, .timeout, .notReady, .moved: .unavailable
            case .protocolViolation: .corrupt
            default: .failure
            }
        self.init(code, error.message, hint: error.hint)
    }
}

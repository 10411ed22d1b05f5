package import Postgres
package import Stores

extension StoreError {
    /// The failure of a PostgreSQL server, in the words of stores.
    package init(_ error: PostgresError) {
        let code: StoreError.Code =
            switch error.code {
            case .disconnected, .notReady: .unavailable
            case .denied: .denied
            case .badAddress: .unsafeSetup
            case .diskFull: .diskFull
            case .conflict: .busy
            case .schema, .laterVersion: .schema
            case .protocolViolation: .corrupt
            default: .failure
            }
        self.init(code, error.message, hint: error.hint)
    }
}

/// Runs `body` and says its failure in the words of stores.
package func storeErrors<Result>(
    _ body: () throws(PostgresError) -> Result
) throws(StoreError) -> Result {
    do throws(PostgresError) {
        return try body()
    } catch {
        throw StoreError(error)
    }
}

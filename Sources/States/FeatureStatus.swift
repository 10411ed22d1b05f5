/// What a served value is worth.
public enum FeatureStatus: String, Hashable, Sendable {
    /// The value is there.
    case present = "PRESENT"
    /// The rows are there and say null.
    case nullValue = "NULL_VALUE"
    /// No row of the key is known; the value is that of no rows.
    case notFound = "NOT_FOUND"
    /// What is known is older than the view's ttl; the value is null.
    case outsideMaxAge = "OUTSIDE_MAX_AGE"
}

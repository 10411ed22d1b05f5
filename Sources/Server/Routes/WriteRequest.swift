public import Values

/// The body of `POST /write-to-online-store` or `POST /push`, checked in shape.
public struct WriteRequest: Hashable, Sendable {
    /// What the rows are.
    public enum Target: Hashable, Sendable {
        /// Features of a view, by their names.
        case view(String)
        /// Rows of a source, of which the features of its views are made.
        case source(String)
    }

    /// What the rows are.
    public var target: Target
    /// Columns of equal length, at least one, with at least one value each.
    public var columns: [EntityValues]
    /// How many rows there are.
    public var rowCount: Int
    /// The server's clock when the request arrived.
    public var now: EventTime
}

/// The body of `POST /materialize` or `POST /materialize-incremental`, checked in shape.
public struct MaterializationRequest: Hashable, Sendable {
    /// The views; all when empty.
    public var views: [String]
    /// Where the interval begins; nil to bring the views to a time.
    public var start: EventTime?
    /// Where it ends.
    public var end: EventTime
}

/// Work that a request asks for and that may block: it is done beside the loop.
public struct ServiceTask: Sendable {
    private let body: @Sendable () throws(ServiceError) -> Void

    /// Work to be done once.
    public init(_ body: @escaping @Sendable () throws(ServiceError) -> Void) {
        self.body = body
    }

    func run() -> Result<Void, ServiceError> {
        do throws(ServiceError) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }
}

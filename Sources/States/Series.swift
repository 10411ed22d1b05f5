import Aggregates
import Expressions
import Values

/// What is kept once for all aggregates that can share it: rows of one input and one filter, cut
/// up in one way.
struct Series: Hashable, Sendable {
    /// How its rows are cut up.
    enum Cut: Hashable, Sendable {
        case lifetime
        case tiles(hop: Int64)
        /// The newest rows alone, for windows that are exact.
        case newest(capacity: Int)
    }

    /// What must agree for two aggregates to share a series.
    struct Identity: Hashable, Sendable {
        /// Nil for the rows of exact windows, which answer every function.
        let family: AggregateFunction.Family?
        let input: Int?
        let filter: Int?
        let cut: Cut
    }

    /// One feature that is read from it.
    struct Reading: Hashable, Sendable {
        let feature: Int
        let function: AggregateFunction
        /// The window's length; nil for a lifetime.
        let length: Int64?
    }

    let identity: Identity
    /// The function whose state all readings are taken from.
    private(set) var function: AggregateFunction
    let inputType: DataType?
    /// By ascending length, so that one walk back in time answers all of them.
    private(set) var readings: [Reading]

    init(_ identity: Identity, inputType: DataType?, _ reading: Reading) {
        self.identity = identity
        self.inputType = inputType
        function = reading.function
        readings = [reading]
    }

    /// Lets another feature share it.
    mutating func add(_ reading: Reading) {
        if identity.family != nil { function = function.sharing(with: reading.function) }
        let place = readings.firstIndex { ($0.length ?? .max) > (reading.length ?? .max) }
        readings.insert(reading, at: place ?? readings.count)
    }

    /// The longest window; nil for a lifetime.
    var longest: Int64? { readings.last?.length }

    /// A state of no rows of `function`.
    func partial(_ function: AggregateFunction) -> Partial {
        do {
            return try Partial(function, inputType: inputType)
        } catch {
            preconditionFailure("the plan has an aggregate that it refuses: \(error.message)")
        }
    }
}

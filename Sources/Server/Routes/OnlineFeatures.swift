public import Columns
public import JSONParsing
public import States
public import Values

/// One column of the request's entities: a join key or a request column.
public struct EntityValues: Hashable, Sendable {
    /// The column's name.
    public var name: String
    /// One value per entity.
    public var values: [JSONCell]

    /// Makes a column.
    public init(name: String, values: [JSONCell]) {
        self.name = name
        self.values = values
    }
}

/// The body of `POST /get-online-features`, checked in shape.
public struct OnlineFeaturesRequest: Hashable, Sendable {
    /// Which features are asked for.
    public enum Asked: Hashable, Sendable {
        /// Those of a feature service.
        case service(String)
        /// Single ones, each as `view:feature`.
        case features([String])
    }

    /// Which features are asked for.
    public var asked: Asked
    /// Columns of equal length, at least one, with at least one value each.
    public var entities: [EntityValues]
    /// How many entities are asked for.
    public var entityCount: Int
    /// Whether features are to be named `view__feature`.
    public var fullFeatureNames: Bool
    /// The server's clock when the request arrived.
    public var now: EventTime
}

/// The features of all entities of a request.
public struct OnlineFeaturesResponse: Sendable {
    /// One feature: a value, a status and a time per entity.
    public struct Feature: Sendable {
        /// The name to answer under.
        public var name: String
        /// The values.
        public var values: Column
        /// What each value is worth.
        public var statuses: [FeatureStatus]
        /// When the newest row behind each value happened; nil without one.
        public var eventTimes: [EventTime?]

        /// Makes a feature; all three must have one element per entity.
        public init(
            name: String, values: Column, statuses: [FeatureStatus], eventTimes: [EventTime?]
        ) {
            self.name = name
            self.values = values
            self.statuses = statuses
            self.eventTimes = eventTimes
        }
    }

    /// The columns of the request that are join keys, in the order in which they are echoed.
    public var keys: [String]
    /// The features, in the order of the service or of the request.
    public var features: [Feature]

    /// Makes a response.
    public init(keys: [String], features: [Feature]) {
        self.keys = keys
        self.features = features
    }
}

/// The body of `POST /predict`, checked in shape.
public struct PredictionRequest: Hashable, Sendable {
    /// The model: its name, or `name@alias`, or `name@version`.
    public var model: String
    /// Columns of equal length, at least one, with at least one value each.
    public var entities: [EntityValues]
    /// How many entities are asked for.
    public var entityCount: Int
    /// The server's clock when the request arrived.
    public var now: EventTime
}

/// One prediction per entity.
public struct PredictionResponse: Hashable, Sendable {
    /// The model's name.
    public var model: String
    /// Which version answered.
    public var version: String
    /// One prediction per entity; nil where the model gives none.
    public var predictions: [Double?]

    /// Makes a response.
    public init(model: String, version: String, predictions: [Double?]) {
        self.model = model
        self.version = version
        self.predictions = predictions
    }
}

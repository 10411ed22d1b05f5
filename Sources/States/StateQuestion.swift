import Columns

/// What is asked of the states of one view: prepared once, answered for many entities.
public struct StateQuestion: Sendable {
    /// How the states look.
    public let layout: StateLayout
    /// The features wanted, as indices into the view's features, in the order wanted.
    public let features: [Int]
    /// The features wanted, each once.
    let distinct: [Int]
    /// For each feature of the view its place in `distinct`, or nil.
    let places: [Int?]
    /// For each of `distinct` whether its values are read without a scalar.
    let isFlat: [Bool]
    /// For each series what is read from it.
    let readings: [[Series.Reading]]

    /// Asks for `features`, as indices into the view's features; one may stand there twice.
    public init(_ layout: StateLayout, features: [Int]) {
        self.layout = layout
        self.features = features
        var distinct: [Int] = []
        var places = [Int?](repeating: nil, count: layout.types.count)
        for feature in features where places[feature] == nil {
            places[feature] = distinct.count
            distinct.append(feature)
        }
        self.distinct = distinct
        self.places = places
        isFlat = distinct.map { feature in
            ColumnAppender(type: layout.types[feature], capacity: 0).kind != .other
        }
        readings = layout.series.map { series in
            series.readings.filter { places[$0.feature] != nil }
        }
    }
}

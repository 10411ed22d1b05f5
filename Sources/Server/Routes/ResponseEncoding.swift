import Columns
import JSONParsing
import States
import Values

extension JSONText {
    /// Feast's column-major answer: join keys first, then one object per feature.
    mutating func write(_ response: OnlineFeaturesResponse, to request: OnlineFeaturesRequest) {
        let keys = response.keys.compactMap { key in request.entities.first { $0.name == key } }
        open("{")
        name("metadata")
        open("{")
        name("feature_names")
        open("[")
        for key in keys { string(key.name) }
        for feature in response.features { string(feature.name) }
        close("]")
        close("}")
        name("results")
        open("[")
        for key in keys { write(key) }
        var statuses = RepeatedArray<FeatureStatus>()
        var times = RepeatedArray<EventTime?>()
        for feature in response.features {
            open("{")
            name("values")
            write(feature.values)
            name("statuses")
            statuses.write(feature.statuses, to: &self) { $0.write($1) }
            name("event_timestamps")
            times.write(feature.eventTimes, to: &self) { $0.write($1) }
            close("}")
        }
        close("]")
        close("}")
    }

    private mutating func write(_ key: EntityValues) {
        open("{")
        name("values")
        open("[")
        for value in key.values { write(value) }
        close("]")
        name("statuses")
        open("[")
        for _ in key.values { literal("\"PRESENT\"") }
        close("]")
        name("event_timestamps")
        open("[")
        for _ in key.values { literal("\"1970-01-01T00:00:00Z\"") }
        close("]")
        close("}")
    }

    /// 1970 stands for no time.
    private mutating func write(_ time: EventTime?) {
        if let time { string(time) } else { literal("\"1970-01-01T00:00:00Z\"") }
    }

    private mutating func write(_ status: FeatureStatus) {
        switch status {
        case .present: literal("\"PRESENT\"")
        case .nullValue: literal("\"NULL_VALUE\"")
        case .notFound: literal("\"NOT_FOUND\"")
        case .outsideMaxAge: literal("\"OUTSIDE_MAX_AGE\"")
        }
    }

    private mutating func write(_ value: JSONCell) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let number): integer(number)
        case .unsigned(let number): unsigned(number)
        case .double(let number): double(number)
        case .string(let text): string(text)
        case .array(let items):
            open("[")
            for item in items { write(item) }
            close("]")
        }
    }

    mutating func write(_ response: PredictionResponse) {
        open("{")
        name("model")
        string(response.model)
        name("version")
        string(response.version)
        name("predictions")
        open("[")
        for prediction in response.predictions {
            if let prediction { double(prediction) } else { null() }
        }
        close("]")
        close("}")
    }
}

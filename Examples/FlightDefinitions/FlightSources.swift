import DefinitionBuilders
import Values

/// The columns that say where and when a flight was to leave, and in which aircraft.
@ListBuilder<any SourceContent>
private func schedule() -> [any SourceContent] {
    Column("carrier", .string)
    Column("tailnum", .string)
    Column("origin", .string)
    Column("dest", .string)
    Column("time_hour", .timestamp)
    Column("minute", .int64)
    Computed("scheduled_at", "time_hour + minutes(minute)")
}

let departures = Source("departures", eventTime: "departed_at") {
    schedule()
    Column("dep_delay", .double)
    Computed("departed_at", "scheduled_at + minutes(dep_delay)")
    Parquet("data/departures")
    Kafka(topic: "departures", keyedBy: ["carrier"])
}
.description("Known when a flight leaves; how late it was, but nothing of its arrival.")

let landings = Source("landings", eventTime: "landed_at") {
    schedule()
    Column("dep_delay", .double)
    Column("arr_delay", .double)
    Column("air_time", .double)
    Column("distance", .double)
    Computed("departed_at", "scheduled_at + minutes(dep_delay)")
    Computed("landed_at", "departed_at + minutes(air_time + 20)")
    Parquet("data/landings")
    Kafka(topic: "landings", keyedBy: ["carrier"])
}
.description(
    "Known only when a flight has landed: departure, air time and about 20 minutes of taxiing.")

let observations = Source("observations", eventTime: "time_hour") {
    Column("origin", .string)
    for measured in ["temp", "humid", "wind_speed", "precip", "pressure", "visib"] {
        Column(measured, .double)
    }
    Column("time_hour", .timestamp)
    Parquet("data/observations")
}
.description("The weather at the three airports of New York, every hour.")

let asked = Source("flights", eventTime: "scheduled_at") {
    schedule()
    Column("flight", .int64)
    Column("distance", .double)
    Column("arr_delay", .double)
    Computed("asked_at", "scheduled_at - hours(1)")
    Computed("late", "arr_delay > 15")
    Parquet("data/flights")
}
.description("The spine of the training set, asked one hour before the scheduled departure.")

import DefinitionBuilders

let departureViews = [
    View("carrier_departures", of: "carrier", from: "departures", refresh: .stream) {
        Feature("flights", .count().over([.hours(1), .hours(24), .days(7)]))
        Feature("dep_delay_mean", .mean("dep_delay").over([.hours(1), .hours(24), .days(7)]))
        Feature("dep_delay_stddev", .stddev("dep_delay").over(.days(7)))
        Feature("late_share", .mean("if(dep_delay > 15, 1, 0)").over(.hours(24)))
    },
    View("airport_departures", of: "airport", from: "departures", refresh: .stream) {
        Feature("flights", .count().over(.hours(1)).exact())
        Feature(
            "late_flights",
            .count().where("dep_delay > 15").over(.hours(1)).exact(maxEvents: 1000))
        Feature("dep_delay_mean", .mean("dep_delay").over([.minutes(30), .hours(3)]))
        Feature("dep_delay_max", .max("dep_delay").over(.hours(3)))
    }
    .keys(["airport": "origin"])
    .description("How busy and how late an airport is right now, to the microsecond."),
]

let landingViews = [
    View("carrier_landings", of: "carrier", from: "landings", refresh: .stream) {
        Feature("arr_delay_mean", .mean("arr_delay").over([.hours(3), .hours(24), .days(7)]))
        Feature("arr_delay_variance", .variance("arr_delay").over(.days(7)))
        Feature("late_share", .mean("if(arr_delay > 15, 1, 0)").over(.days(7)))
    },
    View("airport_landings", of: "airport", from: "landings", refresh: .stream) {
        Feature("arr_delay_mean", .mean("arr_delay").over([.hours(6), .days(7)]))
        Feature("arr_delay_max", .max("arr_delay").over(.hours(24)).hop(.minutes(5)))
    }
    .keys(["airport": "dest"]),
    View("plane_landings", of: "plane", from: "landings", refresh: .stream) {
        Feature("flights", .count())
        Feature("first_landed_at", .first("landed_at"))
        Feature("last_landed_at", .last("landed_at").over(.days(7)))
        Feature("last_arr_delay", .last("arr_delay").over(.hours(24)))
        Feature("last_arr_delays", .last("arr_delay", count: 5).over(.days(7)))
        Feature("miles", .sum("distance").over(.days(7)))
    }
    .description("What this aircraft did before; a late one is late again."),
    View(
        "route_landings", of: "route", from: "landings",
        refresh: .every(.days(1), delay: .hours(2))
    ) {
        Feature("flights", .count().over(.days(28)))
        for column in ["arr_delay", "air_time"] {
            Feature("\(column)_mean", .mean(column).over(.days(28)))
        }
        Feature("air_time_min", .min("air_time").over(.days(28)))
    }
    .ttl(.days(3)),
]

let weather = View(
    "weather", of: "airport", from: "observations",
    refresh: .every(.hours(1), delay: .minutes(10))
) {
    Feature("temperature", "temp")
    Feature("humidity", "humid")
    Feature("wind_speed")
    Feature("precipitation", "precip")
    Feature("pressure")
    Feature("visibility", "visib")
}
.keys(["airport": "origin"])
.ttl(.hours(6))

import DefinitionBuilders
import Values

let flights = FeatureProject("nyc_flights") {
    Entity("carrier", keys: ["carrier": .string])
        .description("An airline, by its two-letter code.")
    Entity("airport", keys: ["airport": .string])
        .description("An airport, by its FAA code.")
    Entity("plane", keys: ["tailnum": .string])
        .description("An aircraft, by its tail number.")
    Entity("route", keys: ["origin": .string, "dest": .string])
        .description("A pair of airports, in the direction of the flight.")

    departures
    landings
    observations
    asked

    departureViews
    landingViews
    weather

    Service("arrival_delay") {
        Request("distance", .double)
        Request("scheduled_at", .timestamp)

        Use("carrier_departures.*")
        Use("carrier_landings.*")
        Use("airport_departures.*", for: ["airport": "origin"], as: "origin")
        Use("airport_landings.*", for: ["airport": "dest"], as: "dest")
        Use("plane_landings.*")
        Use("route_landings.*")
        Use("weather.*", for: ["airport": "origin"], as: "origin_weather")

        Derived("scheduled_hour", "hour(scheduled_at)")
        Derived("scheduled_weekday", "day_of_week(scheduled_at)")
        Derived(
            "carrier_trend",
            "carrier_departures.dep_delay_mean_1h - carrier_departures.dep_delay_mean_7d")
        Derived("origin_late_share", "origin__late_flights / origin__flights")
        Derived("hours_on_ground", "(scheduled_at - last_landed_at) / hours(1)")
        Derived("route_miles_per_minute", "distance / air_time_mean")
    }
    .description("Will the flight arrive more than 15 minutes late?")
}

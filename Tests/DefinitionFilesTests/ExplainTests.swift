import Foundation
import Jobs
import Planning
import Registry
import Testing
import Values

@Suite("roost explain")
struct ExplainTests {
    private let project: Project

    init() throws {
        project = try Project(folder: ".")
    }

    private func lines(_ name: String, _ target: ExplainTarget? = nil) throws -> [String] {
        try project.explanation(of: name, target: target).lines
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test("says what batch, stream and lookup do with a view")
    func targets() throws {
        let all = try lines("carrier_departures")
        #expect(all.contains("read the topic `departures` as json"))
        #expect(all.contains { $0.hasPrefix("all rows of one carrier are in one partition") })
        #expect(all.contains("as of T: rows with event_time < T and known_at <= T"))
        #expect(all.contains("read one state, by carrier string"))
        #expect(all.contains { $0.hasPrefix("count()") && $0.contains("flights_1h") })
        let airport = try lines("airport_departures", .stream)
        #expect(airport.contains { $0.hasPrefix("rows of one airport can be in any partition") })
        #expect(!airport.contains("read one state, by airport string"))
        #expect(airport.contains { $0.contains("newest rows") && $0.contains("1000 x") })
        let weather = try lines("weather")
        #expect(weather.contains("older than 6h: null, OUTSIDE_MAX_AGE"))
        #expect(
            weather.contains(
                "nothing: the view is refreshed from batch rows, every 1h, each from 10m after "
                    + "it on"))
        let service = try lines("arrival_delay", .lookup)
        #expect(service.contains("read 7 states at one moment of the store"))
        #expect(service.contains("answer weather for airport = origin"))
        let derived = try lines("landings")
        #expect(derived.contains("topic        landings (json)"))
    }

    @Test("says what is taken from beside the values of records")
    func recordColumns() throws {
        let fixture = try #require(Fixture.all("Right").first { $0.name == "several-files" })
        let told = try fixture.project().explanation(of: "sold", target: .stream).lines
        let line = "take of each record at from its timestamp, shop from its key"
        #expect(told.contains { $0.hasSuffix(line) }, "\(told)")
    }

    @Test("goes from a feature to its columns and services, and from a column to its features")
    func lineage() throws {
        let digest = try #require(project.plan.view(named: "plane_landings")).features.digests[0]
        let model = ModelRecord(
            package: try #require(
                RecordIdentity(parsing: String(repeating: "0a", count: 32))), name: "delays",
            path: "models/x", service: "arrival_delay",
            serviceIdentity: project.plan.services[0].identity, digests: [digest], dataSet: nil,
            metrics: [:], registeredAt: EventTime(microseconds: 0))
        let feature = try project.lineage(of: "plane_landings.flights", models: [model])
        #expect(
            feature.lines == [
                "feature plane_landings.flights", "  columns",
                "    landings.tailnum  string  key", "    landings.dep_delay  double  time",
                "    landings.air_time  double  time", "    landings.time_hour  timestamp  time",
                "    landings.minute  int64  time", "  services",
                "    arrival_delay as plane_landings__flights", "  models",
                "    delays 0a0a0a0a0a0a",
            ])
        let column = try project.lineage(of: "landings.tailnum", models: [model])
        #expect(column.lines.contains("    plane_landings.miles  key"))
        #expect(column.lines.contains("    delays 0a0a0a0a0a0a"))
        #expect(column.lines.contains("    arrival_delay, derived hours_on_ground"))
        #expect(!column.lines.contains { $0.contains("carrier_landings") })
        let temperature = try project.lineage(of: "observations.temp", models: [model])
        #expect(
            temperature.lines == [
                "column observations.temp", "  features", "    weather.temperature  value",
                "  services", "    arrival_delay as origin_weather__temperature", "  models",
                "    none",
            ])
    }

    @Test("tells people what they wrote for people")
    func annotations() throws {
        #expect(try lines("plane").contains("about        An aircraft, by its tail number."))
        #expect(try lines("plane").contains("views        plane_landings"))
        #expect(try lines("arrival_delay").contains { $0.hasPrefix("about        Will the") })
        #expect(try lines("landings").contains { $0.hasPrefix("about        Known only when") })
        #expect(try lines("plane_landings").contains { $0.hasPrefix("about        What this") })
        let entity = try project.explanation(of: "plane").json
        #expect(entity["description"]?.text == "An aircraft, by its tail number.")
    }

    @Test("lists what is expected of rows, and what becomes of a job when they are otherwise")
    func expectations() throws {
        let fixture = try #require(Fixture.all("Right").first { $0.name == "expectations" })
        let project = try fixture.project()
        let source = try project.explanation(of: "orders")
        let told = source.lines.drop { $0 != "  expects" }.dropFirst()
        #expect(told.count == 13)
        #expect(told.first == "    not_null customer                     stops the job")
        for line in [
            "not_null customer                     warns beyond 0.05%",
            "range amount -1.5e2 .. 100000         sets the rows aside, stops the job beyond 1%",
            "accepted country NL, it's, no         sets the rows aside",
            "unique at                             stops the job beyond 100%",
            "freshness 2d                          warns",
        ] {
            #expect(told.contains("    " + line), "\(told)")
        }
        #expect(source.json["expectations"]?.elements.count == 13)
        let view = try project.explanation(of: "large_orders")
        #expect(view.lines.contains("    that amount < 5000  warns"))
        let expected = view.json["expectations"]?.elements.first
        #expect(expected?["rule"]?.text == "not_null country")
        #expect(expected?["consequence"]?.text == "sets the rows aside")
    }

    @Test("names what is near when there is no such name")
    func unknown() {
        let names = [
            "plane_landings.flight": "did you mean 'flights'?",
            "landings.tailnumm": "did you mean 'tailnum'?",
            "landing.tailnum": "did you mean 'landings'?",
            "landings.landed_at": "ask for one of the columns it is made of",
            "landings": "write 'VIEW.FEATURE', or 'SOURCE.COLUMN'",
        ]
        for (name, hint) in names {
            let error = #expect(throws: JobError.self) {
                try project.lineage(of: name, models: [])
            }
            #expect(error?.hint == hint, "\(name)")
        }
    }

    @Test("has the same in JSON")
    func json() throws {
        let view = try project.explanation(of: "route_landings").json
        #expect(view["refresh"]?.text == "every 1d delay 2h")
        #expect(view["state"]?["series"]?.elements.count == 4)
        #expect(view["features"]?.elements.count == 4)
        #expect(view["source"]?["topic"]?.text == "landings")
        let service = try project.explanation(of: "arrival_delay").json
        #expect(service["features"]?.elements.count == 37)
        let feature = try project.explanation(of: "weather.humidity").json
        #expect(feature["view"]?["kind"]?.text == "view")
    }
}

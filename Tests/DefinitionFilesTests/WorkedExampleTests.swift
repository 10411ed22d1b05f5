import DefinitionFiles
import Definitions
import Planning
import Testing
import Values

@Suite("The worked example")
struct WorkedExampleTests {
    @Test("compiles with its pipeline")
    func compiles() throws {
        let (project, pipeline) = try WorkedExample.load()
        let service = try project.service(named: "arrival_delay")
        #expect(service.features.count == 37)
        #expect(service.derived.count == 6)
        #expect(pipeline.service == service)
        #expect(pipeline.spine.time == "asked_at")
        #expect(pipeline.spine.columns.map(\.name).last == "late")
        let read = pipeline.spine.source.schema.fields.map(\.name)
        #expect(
            read == [
                "carrier", "flight", "tailnum", "origin", "dest", "distance", "arr_delay",
                "time_hour", "minute",
            ])
    }

    @Test("reads only the columns that a view needs")
    func prunes() throws {
        let (project, _) = try WorkedExample.load()
        let view = try #require(project.view(named: "carrier_landings"))
        #expect(
            view.source.schema.fields.map(\.name) == [
                "carrier", "dep_delay", "arr_delay", "air_time", "time_hour", "minute",
            ])
        #expect(
            view.source.computed.map(\.name) == ["scheduled_at", "departed_at", "landed_at"])
    }
}

/// The definitions and the pipeline of the repository.
enum WorkedExample {
    static func load() throws -> (ProjectPlan, PipelinePlan) {
        var loader = DefinitionLoader()
        do {
            return try load(&loader)
        } catch {
            Issue.record("\(error.rendered(from: loader.files))")
            throw error
        }
    }

    private static func load(
        _ loader: inout DefinitionLoader
    ) throws(Diagnostics) -> (ProjectPlan, PipelinePlan) {
        let project = try ProjectPlan.compile(
            try loader.project(folder: "feature-definitions"))
        let pipeline = try loader.pipeline(path: "pipelines/arrival_delay.yaml")
        return (project, try project.compile(pipeline))
    }
}

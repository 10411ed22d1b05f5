import Arguments
import DefinitionFiles
import Jobs
import Stores
import Values

extension Command {
    static let status = Command(
        specification: CommandSpecification(
            name: "status", summary: "Show what is live: views, event logs, models.",
            options: [
                Option(
                    "--clock", value: "TIME", "tell ages at this time; the clock's unless given"),
                projectOption, profileOption,
            ], example: "roost status")
    ) { arguments, console in
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        let report = try StatusReport(
            project: project, online: profile.openLiveStore(), offline: profile.openOfflineStore(),
            registry: profile.openRegistry(),
            now: arguments.time("--clock") ?? Machine.now)
        return Outcome(
            lines: report.lines, members: report.members)
    }
}

extension Profile {
    /// The online store; nil when there is none yet.
    func openLiveStore(project: String? = nil) throws -> (any OnlineStore)? {
        do throws(StoreError) {
            return try openExistingOnlineStore(project: project)
        } catch {
            if error.code == .missing { return nil }
            throw error
        }
    }
}

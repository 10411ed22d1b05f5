import Arguments
import DefinitionFiles
import Jobs
import Kafka
import Stores
import Values

extension Command {
    static let status = Command(
        specification: CommandSpecification(
            name: "status", summary: "Show what is live: views, event logs, models.",
            options: [
                Option(
                    "--clock", value: "TIME", "tell ages at this time; the clock's unless given"),
                Option(
                    "--brokers", value: "HOST:PORT",
                    "where Kafka is, to tell what streams lack; the profile's unless given"),
                projectOption, profileOption,
            ], example: "roost status")
    ) { arguments, console in
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        let report = try StatusReport(
            project: project, online: profile.openLiveStore(), offline: profile.openOfflineStore(),
            registry: profile.openRegistry(),
            now: arguments.time("--clock") ?? Machine.now)
        let streams = try StreamStatus(
            of: project, online: profile.openLiveStore(), offline: profile.openOfflineStore(),
            settings: arguments.knownKafka(of: profile))
        return Outcome(
            lines: report.lines + streams.lines, members: report.members + [streams.member])
    }
}

extension ParsedArguments {
    /// How brokers are reached; nil when nobody says where they are.
    fileprivate func knownKafka(of profile: Profile) throws -> KafkaSettings? {
        let brokers = value("--brokers")
        return brokers == nil && profile.kafka == nil
            ? nil : try profile.kafkaSettings(brokers: brokers)
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

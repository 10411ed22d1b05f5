import DefinitionFiles
import Glibc
import Jobs
import Kafka
import Planning
import Registry
import Streams
import Synchronization
import Values

/// `roost stream` that kills itself: `ROOST_KILL_AT=after_fetch:7` at the seventh time that it has
/// read records. Its options are those of the command: `--project`, `--profile`, `--brokers`,
/// `--sink`, `--until-caught-up`.
enum StreamProbe {
    private static let steps = Mutex<[StreamStep: Int]>([:])

    static func run(_ arguments: [String]) -> Int32 {
        do {
            try stream(arguments)
            return 0
        } catch {
            complain("stream-probe: \(error)")
            return 1
        }
    }

    private static func stream(_ arguments: [String]) throws {
        let folder = value("--project", in: arguments) ?? "."
        let profile = try Project.profile(
            named: value("--profile", in: arguments), folder: folder)
        let project = try Project(folder: folder, appliedIn: try profile.openRegistry())
        var options = StreamOptions()
        if let sink = value("--sink", in: arguments).flatMap(StreamOptions.Sink.init(rawValue:)) {
            options.sinks = [sink]
        }
        options.endsWhenCaughtUp = arguments.contains("--until-caught-up")
        options.tell = { complain("\($0)") }
        if let death = Death(parsing: environment("ROOST_KILL_AT")) {
            options.probe = { step in die(at: step, death) }
        }
        var generator = SystemRandomNumberGenerator()
        let job = try StreamJob(
            project: project, views: project.streamedViews(named: []),
            stores: profile.openStores(project: project.plan.name),
            settings: profile.kafkaSettings(brokers: value("--brokers", in: arguments)),
            owner: .current(using: &generator), now: now, options: options)
        try job.run { false }
    }

    /// At which step, and which time.
    private struct Death: Sendable {
        let step: StreamStep
        let count: Int

        init?(parsing text: String?) {
            guard let parts = text?.split(separator: ":"), parts.count == 2,
                let step = StreamStep(rawValue: String(parts[0])), let count = Int(parts[1])
            else { return nil }
            self.step = step
            self.count = count
        }
    }

    private static func die(at step: StreamStep, _ death: Death) {
        guard step == death.step else { return }
        let count = steps.withLock { steps in
            steps[step, default: 0] += 1
            return steps[step]
        }
        if count == death.count { kill(getpid(), SIGKILL) }
    }

    private static func complain(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = unsafe line.withUnsafeBytes {
            unsafe write(STDERR_FILENO, $0.baseAddress, $0.count)
        }
    }

    private static func value(_ name: String, in arguments: [String]) -> String? {
        guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else {
            return nil
        }
        return arguments[place + 1]
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    @Sendable private static func now() -> EventTime {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return EventTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

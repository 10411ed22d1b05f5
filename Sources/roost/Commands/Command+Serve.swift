import Arguments
import Jobs
import Server

extension Command {
    static let serve = Command(
        specification: CommandSpecification(
            name: "serve", summary: "Serve features over HTTP, in Feast's contract.",
            options: [
                Option("--listen", value: "ADDRESS", "where; 127.0.0.1:6566 unless given"),
                Option("--clock", value: "TIME", "ask at this time for ever, not at the clock's"),
                Option("--loops", value: "N", "how many loops; one per core unless given"),
                Option("--tls-cert", value: "FILE", "speak TLS, with this certificate (PEM)"),
                Option("--tls-key", value: "FILE", "its key (PEM), without a passphrase"),
                Option(
                    "--tls-client-ca", value: "FILE",
                    "ask clients for certificates that this authority signed (PEM)"),
                Option(
                    flag: "--allow-writes",
                    "let clients write: /push, /write-to-online-store, /materialize"),
                projectOption,
                profileOption,
            ],
            example: "roost serve --listen 127.0.0.1:6566 --clock 2013-12-01T12:00:00Z")
    ) { arguments, console in
        let watch = Stopwatch()
        let address = try ListenAddress(parsing: arguments.value("--listen") ?? "127.0.0.1:6566")
        let clock = ServerClock(frozenAt: try arguments.time("--clock"))
        let loops = try arguments.integer("--loops", in: 1...256) ?? Machine.coreCount
        let served = ServedProject(arguments: arguments, console: console)
        let service = try served.load()
        let tls = try served.tls()
        let server = try HTTPServer(
            listeningOn: address, loops: loops, clock: clock, tls: tls)
        let places = (0..<loops).map { _ in ReplaceableService(service) }
        var free = places[...]
        try server.start(
            stopsOnSignals: true, onHangup: { served.reload(into: places, of: server) }
        ) { free.popFirst() ?? ReplaceableService(service) }
        let scheme = tls == nil ? "http" : "https"
        console.complain("serving on \(scheme)://\(server.address.description)")
        try server.wait()
        return Outcome(
            lines: [console.bold("served for \(watch.summary)")],
            members: [
                JSONMember(name: "address", value: .string(server.address.description)),
                JSONMember(name: "seconds", value: .double(watch.seconds)),
            ])
    }
}

import Foundation

/// A real Redis Cluster of three masters with a replica each, on free ports of the loopback
/// interface; it is ended when this object goes.
public final class RedisClusterServers {
    /// The servers; which of them are masters changes.
    public let servers: [RedisServer]
    private let tls: RedisServer.TLS?

    /// Starts six servers and makes them a cluster.
    ///
    /// - Parameter tls: nil for a cluster that is spoken to in the clear.
    /// - Throws: `RedisServer.Failure` when it does not come up within 60 s.
    public init(tls: RedisServer.TLS? = nil) throws {
        self.tls = tls
        let secure = ["--tls-cluster", "yes", "--tls-replication", "yes"]
        servers = try (0..<6).map { _ in
            try RedisServer(
                [
                    "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-port",
                    "\(try LoopbackPort.free().number)", "--appendonly", "yes",
                    "--repl-diskless-sync-delay", "0",
                ] + (tls == nil ? [] : secure), tls: tls)
        }
        _ = try command(
            ["--cluster", "create"] + servers.map { "127.0.0.1:\($0.port)" }
                + ["--cluster-replicas", "1", "--cluster-yes"])
        try wait("all slots have a master and a replica") {
            try servers.allSatisfy { server in
                let info = try ask(server, ["CLUSTER", "INFO"])
                let nodes = try ask(server, ["CLUSTER", "NODES"])
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:6")
                    && nodes.components(separatedBy: "slave ").count == 4
            }
        }
        try wait("all replicas follow") {
            try servers.allSatisfy { server in
                let info = try ask(server, ["INFO", "replication"])
                return info.contains("role:master") || info.contains("master_link_status:up")
            }
        }
    }

    /// The number of the server that is master of `slot`, as server `index` knows it.
    public func master(ofSlot slot: Int, knownBy index: Int = 0) throws -> Int? {
        for line in try ask(servers[index], ["CLUSTER", "NODES"]).split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count > 8, parts[2].contains("master"), !parts[2].contains("fail") else {
                continue
            }
            let isOwner = parts[8...].contains { range in
                let ends = range.split(separator: "-").compactMap { Int($0) }
                return ends.first.map { $0 <= slot && slot <= (ends.last ?? $0) } ?? false
            }
            let address = parts[1].split(separator: "@")[0]
            if isOwner {
                return servers.firstIndex { address.hasSuffix(":\($0.port)") }
            }
        }
        return nil
    }

    /// Moves `count` slots from the server `source` to `target`, keys and all.
    public func reshard(_ count: Int, from source: Int, to target: Int) throws {
        _ = try command([
            "--cluster", "reshard", "127.0.0.1:\(servers[0].port)", "--cluster-from",
            try identifier(source), "--cluster-to", try identifier(target), "--cluster-slots",
            "\(count)", "--cluster-yes",
        ])
    }

    /// Asks one server with `redis-cli`.
    public func ask(_ server: RedisServer, _ words: [String]) throws -> String {
        try command(["-p", "\(server.port)"] + words)
    }

    /// Waits until `condition` holds.
    ///
    /// - Throws: `RedisServer.Failure` naming `what` after 60 s.
    public func wait(_ what: String, until condition: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while try !condition() {
            guard Date() < deadline else {
                throw RedisServer.Failure(description: "the cluster is not ready: \(what)")
            }
            sched_yield()
        }
    }

    private func identifier(_ index: Int) throws -> String {
        try ask(servers[index], ["CLUSTER", "MYID"]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func command(_ arguments: [String]) throws -> String {
        let secure = tls.map { ["--tls", "--cacert", $0.authority] } ?? []
        return try JudgeProcess.run("/usr/bin/redis-cli", secure + arguments)
    }
}

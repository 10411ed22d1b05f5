extension RedisAddress {
    /// What is at the address: one server, or a cluster of which it is a part.
    ///
    /// - Throws: why it cannot be asked.
    public func deployment(
        timeouts: RedisConnection.Timeouts = .init()
    ) throws(RedisError) -> any RedisDeployment {
        let pool = RedisPool(self, timeouts: timeouts)
        let report = try pool.reading { connection throws(RedisError) in
            try RedisServerReport(asking: connection)
        }
        return report.isClusterMember ? try RedisCluster(self, timeouts: timeouts) : pool
    }
}

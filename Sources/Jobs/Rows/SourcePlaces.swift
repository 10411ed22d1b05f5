import Planning
import Values

/// Where a project's batch rows are found.
public struct SourcePlaces: Sendable {
    /// The project folder, to which paths are relative.
    public let folder: String
    /// The addresses of the databases that sources are read from, by the names of the profile.
    public let databases: [String: String]

    /// Puts places together.
    public init(folder: String, databases: [String: String] = [:]) {
        self.folder = folder
        self.databases = databases
    }

    /// Opens the batch rows of `source` and checks their columns.
    ///
    /// Rows in a database are copied once, to files that have no name and end with this process, so
    /// that whatever reads them again sees the same rows.
    func rows(of source: SourcePlan, workers: Int = 1) throws -> ParquetRows {
        switch source.batch {
        case .parquet: try ParquetRows(source: source, folder: folder, workers: workers)
        case .postgres(let plan):
            try PostgresCopy(source, plan, address: address(of: plan, source)).rows(
                below: folder, workers: workers)
        case nil:
            throw JobError(
                .usage, "source '\(source.name)' has no batch rows",
                hint: "give it 'batch:' with 'parquet: PATH'")
        }
    }

    private func address(
        of plan: PostgresRowsPlan, _ source: SourcePlan
    ) throws(JobError) -> String {
        let names = databases.keys.sorted()
        let known = names.map { "'\($0)'" }.joined(separator: ", ")
        if let name = plan.database {
            if let address = databases[name] { return address }
            throw JobError(
                .usage, "source '\(source.name)': the profile has no database '\(name)'",
                hint: nearestName(to: name, among: names).map { "did you mean '\($0)'?" }
                    ?? "write 'databases:' with '\(name): postgres://HOST/DATABASE' in the profile "
                    + "in roost.yaml")
        }
        if let only = names.first, names.count == 1 { return databases[only] ?? "" }
        throw JobError(
            .usage,
            names.isEmpty
                ? "source '\(source.name)' is in PostgreSQL, but the profile has no databases"
                : "source '\(source.name)' does not say in which database it is",
            hint: names.isEmpty
                ? "write 'databases:' with 'main: postgres://HOST/DATABASE' in the profile in "
                    + "roost.yaml" : "write 'database:' with one of \(known) below 'postgres:'")
    }
}

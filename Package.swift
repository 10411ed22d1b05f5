// swift-tools-version: 6.2
import PackageDescription

// One line of modules: each imports only what stands above it.
let targets: [Target] = [
    .target(name: "Values"),
    .target(name: "Columns", dependencies: ["Values"]),
    .target(name: "Workers"),

    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
    .systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
        name: "Parquet",
        dependencies: ["Values", "Columns", "Workers", "CZstd", "CSnappy", "CLZ4", "CZlib"]),

    .target(name: "Expressions", dependencies: ["Values", "Columns"]),
    .target(
        name: "Aggregates", dependencies: ["Values", "Columns"],
        linkerSettings: [.linkedLibrary("m")]),
    .target(name: "Definitions", dependencies: ["Values", "Expressions", "Aggregates"]),
    .target(
        name: "Planning",
        dependencies: ["Values", "Columns", "Expressions", "Aggregates", "Definitions"]),

    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .target(
        name: "DefinitionFiles",
        dependencies: ["Values", "Expressions", "Aggregates", "Definitions", "CYAML"]),

    .target(
        name: "DefinitionBuilders",
        dependencies: ["Values", "Definitions", "Planning", "DefinitionFiles"]),

    .target(
        name: "PointInTime",
        dependencies: [
            "Values", "Columns", "Workers", "Expressions", "Aggregates", "Planning",
        ]),
    .target(
        name: "States",
        dependencies: ["Values", "Columns", "Expressions", "Aggregates", "Planning"]),
    .target(
        name: "Quality",
        dependencies: [
            "Values", "Columns", "Expressions", "Aggregates", "Definitions", "Planning",
        ]),
    .target(
        name: "CSimdjson", cxxSettings: [.define("NDEBUG")],
        linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "JSONParsing", dependencies: ["Values", "CSimdjson"]),
    .target(
        name: "Records",
        dependencies: [
            "Values", "Columns", "Expressions", "Definitions", "Planning", "JSONParsing",
        ]),
    .target(name: "CommitProtocol"),
    .systemLibrary(name: "CRdKafka", providers: [.apt(["librdkafka-dev"])]),
    .target(name: "Kafka", dependencies: ["CRdKafka"]),
    .systemLibrary(name: "CRename"),

    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
    .target(name: "TLS", dependencies: ["COpenSSL"]),
    .target(name: "Redis", dependencies: ["CHiredis", "TLS"]),
    .systemLibrary(name: "CPQ", providers: [.apt(["libpq-dev"])]),
    .target(name: "Postgres", dependencies: ["Values", "Columns", "CPQ"]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(
        name: "Registry",
        dependencies: ["Values", "Expressions", "Planning", "CSQLite", "Postgres"]),
    .systemLibrary(name: "CLMDB", providers: [.apt(["liblmdb-dev"])]),
    .target(
        name: "Stores",
        dependencies: [
            "Values", "Columns", "PointInTime", "CommitProtocol", "Records", "CLMDB", "Redis",
        ]),
    .target(
        name: "PostgresLog",
        dependencies: [
            "Values", "Columns", "PointInTime", "CommitProtocol", "Records", "Postgres", "Stores",
        ]),
    .target(
        name: "Lake",
        dependencies: [
            "Values", "Columns", "Workers", "Parquet", "PointInTime", "CommitProtocol", "Records",
            "Stores",
        ]),
    .target(
        name: "Lookup",
        dependencies: ["Values", "Columns", "Expressions", "Planning", "States", "Stores"]),
    .target(
        name: "Streams",
        dependencies: [
            "Values", "Columns", "Expressions", "Planning", "PointInTime", "States", "Stores",
            "CommitProtocol", "Kafka", "Records",
        ]),
    .target(
        name: "Jobs",
        dependencies: [
            "Values", "Columns", "Workers", "CZlib", "CRename", "Parquet", "Expressions",
            "Aggregates", "Definitions", "Planning", "DefinitionFiles", "PointInTime", "States",
            "Stores", "Postgres", "PostgresLog", "Lookup", "Lake", "Registry", "Quality",
            "CommitProtocol", "Kafka", "Records", "Streams",
        ]),
    .target(name: "CXGBoost"),
    .target(
        name: "Trainer",
        dependencies: [
            "Values", "Columns", "Parquet", "Definitions", "Planning", "Jobs", "CXGBoost",
        ]),
    .systemLibrary(name: "CUV", providers: [.apt(["libuv1-dev"])]),
    .target(
        name: "Server",
        dependencies: [
            "Values", "Columns", "Workers", "Expressions", "Planning", "States", "TLS", "Redis",
            "Stores", "Lookup", "Trainer", "CUV", "JSONParsing",
        ]),
    .target(name: "Arguments", dependencies: ["Values"]),
    .executableTarget(
        name: "roost",
        dependencies: [
            "Values", "Columns", "Workers", "Parquet", "Expressions", "Aggregates",
            "Definitions", "Planning", "DefinitionFiles", "PointInTime", "Lake", "States",
            "TLS", "Stores", "Lookup", "Registry", "Quality", "Jobs", "Trainer", "Server",
            "Kafka", "Records", "Streams", "Arguments",
        ]),

    .target(name: "TestSupport", dependencies: ["Values", "Columns"], path: "Tests/TestSupport"),
    .target(
        name: "JoinSupport",
        dependencies: [
            "Values", "Columns", "Expressions", "Aggregates", "Planning", "PointInTime",
            "TestSupport",
        ], path: "Tests/JoinSupport"),
    .testTarget(name: "ValuesTests", dependencies: ["Values", "TestSupport"]),
    .testTarget(name: "ColumnsTests", dependencies: ["Columns", "TestSupport"]),
    .testTarget(name: "WorkersTests", dependencies: ["Workers"]),
    .testTarget(name: "ParquetTests", dependencies: ["Parquet", "TestSupport"]),
    .testTarget(name: "ExpressionsTests", dependencies: ["Expressions", "TestSupport"]),
    .testTarget(name: "AggregatesTests", dependencies: ["Aggregates", "TestSupport"]),
    .testTarget(
        name: "PlanningTests",
        dependencies: [
            "Planning", "Definitions", "DefinitionFiles", "Expressions", "TestSupport",
        ]),
    .testTarget(
        name: "DefinitionFilesTests",
        dependencies: [
            "DefinitionFiles", "Definitions", "Planning", "Jobs", "Registry", "TestSupport",
        ]),
    .executableTarget(
        name: "flight-definitions", dependencies: ["DefinitionBuilders", "Values"],
        path: "Examples/FlightDefinitions"),
    .testTarget(
        name: "DefinitionBuildersTests",
        dependencies: [
            "DefinitionBuilders", "DefinitionFiles", "Definitions", "Planning", "Aggregates",
            "Values", "TestSupport", "flight-definitions",
        ]),
    .testTarget(
        name: "PointInTimeTests",
        dependencies: [
            "PointInTime", "Planning", "Aggregates", "Expressions", "Columns", "TestSupport",
            "JoinSupport",
        ]),
    .testTarget(name: "CommitProtocolTests", dependencies: ["CommitProtocol"]),
    .testTarget(name: "KafkaTests", dependencies: ["Kafka"]),
    .testTarget(
        name: "RecordsTests",
        dependencies: [
            "Records", "Columns", "Values", "Planning", "Definitions", "DefinitionFiles",
            "TestSupport",
        ]),
    .testTarget(
        name: "StreamsTests",
        dependencies: [
            "Streams", "Records", "Kafka", "CommitProtocol", "States", "Stores", "Redis", "Lake",
            "PointInTime", "Planning", "Aggregates", "Expressions", "Columns", "Values",
            "TestSupport", "JoinSupport",
        ]),
    .testTarget(
        name: "StatesTests",
        dependencies: [
            "States", "PointInTime", "Planning", "Aggregates", "Expressions", "Columns",
            "TestSupport", "JoinSupport",
        ], exclude: ["Fixtures"]),
    .testTarget(
        name: "QualityTests",
        dependencies: [
            "Quality", "Planning", "Definitions", "DefinitionFiles", "Expressions", "Columns",
            "TestSupport",
        ]),
    .testTarget(
        name: "JobsTests",
        dependencies: [
            "Jobs", "Columns", "Postgres", "Expressions", "Parquet", "Planning", "PointInTime",
            "States", "CommitProtocol", "Records", "Stores", "Lookup", "Registry",
            "DefinitionFiles", "Kafka", "Streams", "TestSupport", "roost",
        ]),
    .testTarget(
        name: "ServerTests",
        dependencies: [
            "Server", "JSONParsing", "States", "TLS", "Redis", "Stores", "Columns", "Values",
            "TestSupport", "roost",
        ]),
    .executableTarget(
        name: "store-probe", dependencies: ["Values", "Stores"], path: "Tests/StoreProbe"),
    .executableTarget(
        name: "stream-probe",
        dependencies: [
            "Values", "Planning", "DefinitionFiles", "Registry", "Kafka", "Streams", "Jobs",
        ],
        path: "Tests/StreamProbe"),
    .testTarget(name: "TLSTests", dependencies: ["TLS", "TestSupport"]),
    .testTarget(name: "RedisTests", dependencies: ["Redis", "TLS", "TestSupport"]),
    .testTarget(
        name: "PostgresTests", dependencies: ["Postgres", "Columns", "Values", "TestSupport"]),
    .testTarget(
        name: "StoresTests",
        dependencies: ["Stores", "CommitProtocol", "Redis", "TestSupport", "store-probe"]),
    .testTarget(
        name: "LookupTests",
        dependencies: [
            "Lookup", "States", "Stores", "PointInTime", "Planning", "Aggregates", "Expressions",
            "Columns", "TestSupport", "JoinSupport",
        ]),
    .target(
        name: "OfflineSupport",
        dependencies: [
            "Values", "Columns", "PointInTime", "CommitProtocol", "Records", "Stores",
            "TestSupport",
        ], path: "Tests/OfflineSupport"),
    .testTarget(
        name: "PostgresLogTests",
        dependencies: [
            "PostgresLog", "Postgres", "PointInTime", "CommitProtocol", "Records", "Stores",
            "Columns", "Values", "TestSupport", "OfflineSupport",
        ]),
    .executableTarget(
        name: "lake-probe",
        dependencies: ["Values", "Columns", "CommitProtocol", "Records", "Stores", "Lake"],
        path: "Tests/LakeProbe"),
    .testTarget(
        name: "LakeTests",
        dependencies: [
            "Lake", "Stores", "CommitProtocol", "Records", "PointInTime", "Columns", "Values",
            "TestSupport", "OfflineSupport", "lake-probe",
        ]),
    .testTarget(
        name: "RegistryTests",
        dependencies: [
            "Registry", "Postgres", "DefinitionFiles", "Definitions", "Planning", "TestSupport",
        ]),
    .testTarget(
        name: "CommandTests",
        dependencies: ["roost", "Redis", "Registry", "Stores", "Values", "TestSupport"]),
    .testTarget(
        name: "TrainerTests",
        dependencies: [
            "Trainer", "Values", "Columns", "Parquet", "Definitions", "Planning",
            "DefinitionFiles", "Jobs", "TestSupport",
        ]),
    .testTarget(name: "ArgumentsTests", dependencies: ["Arguments"]),
    .testTarget(name: "GoldenTests", dependencies: ["TestSupport"]),
    .testTarget(name: "StyleTests", dependencies: ["TestSupport"]),
]

for target in targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
    ]
}

let package = Package(
    name: "Roost",
    products: [
        .executable(name: "roost", targets: ["roost"]),
        // What Benchmarks/ measures inside the process.
        .library(name: "RoostModels", targets: ["Trainer"]),
        .library(name: "RoostAggregates", targets: ["Aggregates", "Values"]),
        .library(name: "RoostStores", targets: ["Stores", "Values"]),
        .library(name: "RoostExpressions", targets: ["Expressions", "Columns", "Values"]),
        .library(name: "RoostPostgres", targets: ["Postgres", "Columns", "Values"]),
        .library(
            name: "DefinitionBuilders",
            targets: ["DefinitionBuilders", "Definitions", "Planning", "Values"]),
    ],
    targets: targets,
    cxxLanguageStandard: .cxx17)

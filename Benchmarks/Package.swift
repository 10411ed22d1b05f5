// swift-tools-version: 6.2
import PackageDescription

// Roost beside its peers, and Roost against the clock. A package of its own: nothing that ships
// depends on it.
let targets: [Target] = [
    .executableTarget(name: "load-client"),
    .executableTarget(
        name: "predict-rows", dependencies: [.product(name: "RoostModels", package: "Roost")]),
    .executableTarget(
        name: "aggregate-bench",
        dependencies: [.product(name: "RoostAggregates", package: "Roost")]),
    .executableTarget(
        name: "expression-bench",
        dependencies: [.product(name: "RoostExpressions", package: "Roost")]),
    .executableTarget(
        name: "postgres-bench", dependencies: [.product(name: "RoostPostgres", package: "Roost")]),
    .executableTarget(
        name: "redis-read", dependencies: [.product(name: "RoostStores", package: "Roost")]),
    .executableTarget(name: "mget-client", linkerSettings: [.linkedLibrary("hiredis")]),
    .executableTarget(name: "commit-client", linkerSettings: [.linkedLibrary("hiredis")]),
]

for target in targets where !["mget-client", "commit-client"].contains(target.name) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
    ]
}

let package = Package(
    name: "RoostBenchmarks",
    dependencies: [.package(name: "Roost", path: "..")],
    targets: targets)

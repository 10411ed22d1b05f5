import DefinitionFiles
import Testing
import Values

@Suite("Profiles")
struct ProfileTests {
    private func read(
        _ yaml: String, _ name: String = "embedded", _ environment: [String: String] = [:]
    ) -> Result<Profile, ProfileFailure> {
        var loader = DefinitionLoader()
        do throws(Diagnostics) {
            return .success(
                try loader.profile(
                    named: name, path: "roost.yaml", bytes: Array(yaml.utf8),
                    environment: { environment[$0] }))
        } catch {
            return .failure(ProfileFailure(text: error.rendered(from: loader.files)))
        }
    }

    private func complaint(
        _ yaml: String, _ name: String = "embedded", _ environment: [String: String] = [:]
    ) -> String {
        guard case .failure(let failure) = read(yaml, name, environment) else { return "" }
        return failure.text
    }

    @Test("fall back on the embedded stores where the embedded one says nothing")
    func defaults() {
        #expect(
            read("profiles:\n  other:\n    online: x\n    offline: y\n    registry: z")
                == .success(.embedded))
        var expected = Profile.embedded
        expected.registry = .sqlite(path: "here.db")
        #expect(read("profiles:\n  embedded:\n    registry: sqlite:here.db") == .success(expected))
    }

    @Test("must name every store when they are not the embedded one")
    func required() {
        let text = complaint("profiles:\n  big:\n    online: lmdb:o\n    offline: lake:l", "big")
        #expect(text.contains("a profile has no `registry`"))
    }

    @Test("expand environment variables")
    func environment() {
        let yaml = "profiles:\n  embedded:\n    online: lmdb:${A}/x${B}\n    registry: ${R}:r"
        var expected = Profile.embedded
        expected.online = .lmdb(path: "one/x")
        expected.registry = .sqlite(path: "r")
        #expect(read(yaml, "embedded", ["A": "one", "B": "", "R": "sqlite"]) == .success(expected))
        #expect(complaint(yaml).contains("the environment variable `A` is not set"))
        #expect(
            complaint("profiles:\n  embedded:\n    online: lmdb:${A").contains("is not closed"))
        #expect(
            complaint("profiles:\n  embedded:\n    online: lmdb:${a b}")
                .contains("`a b` cannot be an environment variable"))
    }

    @Test("name servers by their addresses")
    func servers() {
        let yaml = """
            profiles:
              production:
                online: redis://me:${PASSWORD}@host:7000/1
                offline: postgres://me@db/features?sslmode=require
                registry: sqlite:r.db
            """
        var expected = Profile.embedded
        expected.name = "production"
        expected.online = .redis(address: "redis://me:sesame@host:7000/1")
        expected.offline = .postgres(address: "postgres://me@db/features?sslmode=require")
        expected.registry = .sqlite(path: "r.db")
        #expect(read(yaml, "production", ["PASSWORD": "sesame"]) == .success(expected))
    }

    @Test("keep the registry on a server, and name the databases of sources")
    func databases() {
        func yaml(_ databases: String) -> String {
            "profiles:\n  embedded:\n    registry: postgres://me:${P}@db/features\n"
                + "    databases:\n\(databases)"
        }
        let good = yaml("      main: postgresql://me:${P}@dw/sales\n      old: postgres://db/old")
        var expected = Profile.embedded
        expected.registry = .postgres(address: "postgres://me:hush@db/features")
        expected.databases = [
            "main": "postgresql://me:hush@dw/sales", "old": "postgres://db/old",
        ]
        #expect(read(good, "embedded", ["P": "hush"]) == .success(expected))
        let wrong = complaint(
            yaml("      main: mysql://me:secret@dw/x\n      2nd: postgres://db/y"), "embedded",
            ["P": "hush"])
        #expect(wrong.contains("`2nd` cannot be the name of a database"))
        #expect(!wrong.contains("secret"))
        let scheme = complaint(
            yaml("      main: mysql://me:secret@dw/x"), "embedded", ["P": "hush"])
        #expect(scheme.contains("unknown scheme `mysql` of the database"))
        #expect(!scheme.contains("secret") && !scheme.contains("hush"))
        #expect(complaint(yaml("      - main"), "embedded", ["P": ""]).contains("must be a map"))
    }

    @Test("say how large the online store may get")
    func sizes() {
        func online(_ text: String) -> String {
            "profiles:\n  embedded:\n    online: \(text)"
        }
        var expected = Profile.embedded
        for (text, size) in [("1MiB", 1 << 20), ("3TiB", 3 << 40), ("4096KiB", 1 << 22)] {
            expected.online = .lmdb(path: "o", greatestSize: size)
            #expect(read(online("lmdb:o?size=\(text)")) == .success(expected))
        }
        for text in [
            "size=", "size=1", "size=0GiB", "size=-1GiB", "size=1KiB", "size=1GB", "x=1GiB",
        ] {
            #expect(complaint(online("lmdb:o?\(text)")).contains("`\(text)` is no setting"))
        }
        #expect(complaint(online("lmdb:o?size=9999999999999TiB")).contains("is no setting"))
    }

    @Test("refuse schemes that this release does not know, and say which it knows")
    func schemes() {
        func online(_ text: String) -> String {
            complaint("profiles:\n  embedded:\n    online: \(text)")
        }
        #expect(online("mongo://host").contains("unknown scheme `mongo` of the online store"))
        #expect(online("mongo://host").contains("this release knows `lmdb:PATH`, `redis://HOST`"))
        #expect(online("lmd:x").contains("did you mean `lmdb`?"))
        #expect(online("just/a/path").contains("has no scheme"))
        #expect(online("'lmdb:'").contains("has no path"))
        #expect(online("[a]").contains("must be a single value"))
    }

    @Test("show the place of what is wrong, and never a secret")
    func secrets() {
        let yaml = "profiles:\n  embedded:\n    online: redi://me:hunter2@host/${PASSWORD}"
        let text = complaint(yaml, "embedded", ["PASSWORD": "sesame"])
        #expect(text.contains("roost.yaml:3:13: error:"))
        #expect(!text.contains("hunter2") && !text.contains("sesame"))
        #expect(text.contains("redi://**********@host/${PASSWORD}"))
    }

    @Test("name the brokers of Kafka, in a line or with settings")
    func kafka() {
        func kafka(_ text: String) -> String { "profiles:\n  embedded:\n    kafka: \(text)" }
        var expected = Profile.embedded
        expected.kafka = KafkaLocation(brokers: "a.b:9092,[::1]:1")
        #expect(read(kafka("a.b:9092, '[::1]:1'".replacing("'", with: ""))) == .success(expected))
        #expect(read(kafka("${B}"), "embedded", ["B": "a.b:9092,[::1]:1"]) == .success(expected))
        expected.kafka?.settings = ["security.protocol": "SASL_SSL", "sasl.password": "hush: 7"]
        let map = kafka(
            """

                  brokers: a.b:9092,[::1]:1
                  settings:
                    security.protocol: SASL_SSL
                    sasl.password: ${P}
            """)
        #expect(read(map, "embedded", ["P": "hush: 7"]) == .success(expected))
        #expect(expected.kafka.map { "\($0)" } == "a.b:9092,[::1]:1")
        for wrong in ["a", "a:", ":1", "a:0", "a:70000", "a:1,", "kafka://a:1", "a b:1", "::1:1"] {
            #expect(complaint(kafka("'\(wrong)'")).contains("are no `HOST:PORT`"), "\(wrong)")
        }
        #expect(complaint(kafka("[]")).contains("must be a single value"))
        #expect(complaint(kafka("{ servers: a }")).contains("did you mean `brokers`?"))
    }

    @Test("refuse settings of Kafka that promises rest on, each with the reason")
    func fixedSettings() {
        for (name, reason) in KafkaLocation.refused {
            let text = complaint(
                "profiles:\n  embedded:\n    kafka: { brokers: 'a:1', settings: { \(name): x } }")
            #expect(text.contains("`\(name)` cannot be set: \(reason)"))
        }
    }

    @Test("show no setting of Kafka, however it is written")
    func kafkaSecrets() {
        let forms = [
            "{ brokers: 'a:1', settings: { group.id: x, sasl.password: hunter2 } }",
            "\n      brokers: a:1\n      settings:\n        group.id: hunter2",
            "\n      brokers: a:1\n      settings:\n        sasl.password: [hunter2]",
            "\n      brokers: a:1\n      settings:\n        'group.id' : \"hunter2\"",
            "\n      brokers: a:1\n      settings:\n        group.id: |\n          -\n\n          hunter2",
            "\n      brokers: a:1\n      settings:\n        ssl.key.pem: \"-\n          hunter2",
            "\n      brokers: a:1\n      settings:\n        sasl.password: hunter2: hunter2",
            "\n      brokers: a:1\n      settings:\n        sasl.password: hunter2${NONE}",
        ]
        for form in forms {
            let text = complaint("profiles:\n  embedded:\n    kafka: \(form)")
            #expect(text.contains("error:"), "\(form)")
            #expect(!text.contains("hunter2"), "\(text)")
        }
    }

    @Test("refuse unknown keys and unknown names with the nearest")
    func names() {
        #expect(
            complaint("profiles:\n  embedded:\n    onlin: lmdb:x")
                .contains("did you mean `online`?"))
        #expect(complaint("profile:\n  x: y").contains("did you mean `profiles`?"))
        let two =
            "profiles:\n  staging:\n    online: lmdb:o\n    offline: lake:l\n"
            + "    registry: sqlite:r"
        #expect(complaint(two, "stagin").contains("did you mean `staging`?"))
        #expect(complaint("# nothing").contains("the file is empty"))
        #expect(complaint("profiles: 7").contains("must be a map"))
    }
}

private struct ProfileFailure: Error, Equatable {
    let text: String
}

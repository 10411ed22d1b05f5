import Definitions
public import Values

extension DefinitionLoader {
    /// Reads one profile of a `roost.yaml`.
    ///
    /// What is shown of the file has no credentials in it, and no diagnostic says what an
    /// environment variable holds.
    ///
    /// - Parameters:
    ///   - name: the profile.
    ///   - path: the file.
    ///   - environment: the value of an environment variable, or nil.
    /// - Throws: everything that is wrong with the file.
    /// - Returns: the profile, its paths as written.
    public mutating func profile(
        named name: String, path: String, environment: @escaping (String) -> String?
    ) throws(Diagnostics) -> Profile {
        let bytes = try onDisk(path) { () throws(DefinitionFileError) in
            try readDefinitionFile(path)
        }
        return try profile(named: name, path: path, bytes: bytes, environment: environment)
    }

    /// Reads one profile of a text; see `profile(named:path:environment:)`.
    public mutating func profile(
        named name: String, path: String, bytes: [UInt8], environment: @escaping (String) -> String?
    ) throws(Diagnostics) -> Profile {
        let document = YAMLDocument(bytes, path: path)
        keep(document.source.withoutCredentials)
        guard document.diagnostics.isEmpty else { throw Diagnostics(document.diagnostics) }
        let place = SourceLocation(file: path, line: 1, column: 1)
        guard let root = document.root else {
            throw Diagnostics([
                Diagnostic(
                    "the file is empty", at: place,
                    hint: "write `profiles:`, or remove the file to use the embedded stores")
            ])
        }
        var reader = DefinitionReader(document.source)
        let profiles = reader.profiles(root)
        guard reader.diagnostics.isEmpty else { throw reader.diagnostics }
        guard let written = profiles.first(where: { $0.name.value == name }) else {
            if name == Profile.defaultName { return .embedded }
            let known = (profiles.map(\.name.value) + [Profile.defaultName])
            let guess = nearestName(to: name, among: known).map { "did you mean `\($0)`?" }
            throw Diagnostics([
                Diagnostic(
                    "there is no profile `\(name)`", at: place,
                    hint: guess ?? "the profiles are \(known.joined(separator: ", "))")
            ])
        }
        return try written.resolved(environment: environment)
    }
}

/// A profile as written.
struct WrittenProfile {
    let name: Name
    var online: Name?
    var offline: Name?
    var registry: Name?
    var databases: [(name: Name, place: Name)] = []
    var kafka: WrittenKafka?

    func resolved(environment: @escaping (String) -> String?) throws(Diagnostics) -> Profile {
        var diagnostics = Diagnostics()
        var profile = Profile.embedded
        profile.name = name.value
        let places = StorePlaces(environment: environment)
        if let online, let place = places.place(of: online, .online, &diagnostics) {
            profile.online =
                place.scheme == "lmdb"
                ? OnlineLocation(lmdb: place.path, at: online, &diagnostics)
                : .redis(address: place.text)
        }
        if let place = places.place(of: offline, .offline, &diagnostics) {
            profile.offline =
                place.scheme == "lake" ? .lake(path: place.path) : .postgres(address: place.text)
        }
        if let place = places.place(of: registry, .registry, &diagnostics) {
            profile.registry =
                place.scheme == "sqlite"
                ? .sqlite(path: place.path) : .postgres(address: place.text)
        }
        for (name, place) in databases {
            let place = places.place(of: place, .database, &diagnostics)
            profile.databases[name.value] = place?.text
        }
        profile.kafka = kafka?.resolved(places, &diagnostics)
        guard diagnostics.isEmpty else { throw diagnostics }
        return profile
    }
}

/// A kind of store and the schemes that it can have.
struct StoreKind {
    static let online = StoreKind(
        name: "online store",
        forms: ["lmdb:PATH", "redis://HOST", "rediss://HOST", "unix:///PATH"])
    static let offline = StoreKind(
        name: "offline store", forms: ["lake:PATH", "postgres://HOST", "postgresql://HOST"])
    static let registry = StoreKind(
        name: "registry", forms: ["sqlite:PATH", "postgres://HOST", "postgresql://HOST"])

    static let database = StoreKind(
        name: "database", forms: ["postgres://HOST", "postgresql://HOST"])

    let name: String
    /// How places are written; each begins with its scheme.
    let forms: [String]

    var schemes: [String] {
        forms.map { form in String(form.prefix { $0 != ":" }) }
    }

    var known: String {
        "this release knows " + forms.map { "`\($0)`" }.joined(separator: ", ")
    }
}

/// Turns `SCHEME:PATH` into a place.
struct StorePlaces {
    let environment: (String) -> String?

    /// A place, its `${NAME}`s expanded.
    struct Place {
        let scheme: String
        /// What stands behind the scheme.
        let path: String
        /// Everything.
        let text: String
    }

    func place(
        of location: Name?, _ kind: StoreKind, _ diagnostics: inout Diagnostics
    ) -> Place? {
        guard let location, let text = expanded(location, &diagnostics) else { return nil }
        let store = kind.name
        let parts = text.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let known = kind.known
        let word = String(parts[0])
        guard parts.count == 2, word.isIdentifier else {
            diagnostics.report(
                location.diagnostic(
                    "the \(store) has no scheme",
                    hint: "\(known); write `\(kind.schemes[0]):` before"))
            return nil
        }
        guard kind.schemes.contains(word) else {
            let guess = nearestName(to: word, among: kind.schemes)
            diagnostics.report(
                location.diagnostic(
                    "unknown scheme `\(word)` of the \(store)",
                    hint: guess.map { "did you mean `\($0)`?" } ?? known))
            return nil
        }
        guard !parts[1].isEmpty, !parts[1].contains("\0") else {
            diagnostics.report(
                location.diagnostic("the \(store) has no path", hint: known))
            return nil
        }
        return Place(scheme: word, path: String(parts[1]), text: text)
    }

    /// The text with each `${NAME}` replaced by that variable's value.
    func expanded(_ location: Name, _ diagnostics: inout Diagnostics) -> String? {
        var pieces = location.value.components(separatedBy: "${")
        var text = pieces.removeFirst()
        for piece in pieces {
            guard let end = piece.firstIndex(of: "}") else {
                diagnostics.report(
                    location.diagnostic("`${` is not closed", hint: "write `${NAME}`"))
                return nil
            }
            let name = String(piece[..<end])
            guard name.isIdentifier else {
                diagnostics.report(
                    location.diagnostic(
                        "`\(name)` cannot be an environment variable", hint: "write `${NAME}`"))
                return nil
            }
            guard let value = environment(name) else {
                diagnostics.report(
                    location.diagnostic(
                        "the environment variable `\(name)` is not set",
                        hint: "set it: export \(name)=..."))
                return nil
            }
            text += value + piece[piece.index(after: end)...]
        }
        return text
    }
}

extension String {
    /// The parts between the occurrences of `separator`; at least one.
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

extension DefinitionReader {
    fileprivate mutating func profiles(_ root: YAMLNode) -> [WrittenProfile] {
        guard let map = map(root, .profiles),
            let node = value("profiles", in: map),
            let entries = entries(node, "`profiles`")
        else { return [] }
        return entries.compactMap { profile($0) }
    }

    private mutating func profile(_ entry: YAMLEntry) -> WrittenProfile? {
        guard let name = identifier(entry.keyNode, "the name of a profile"),
            let map = map(entry.value, .profile(isDefault: name.value == Profile.defaultName))
        else { return nil }
        var profile = WrittenProfile(name: name)
        profile.online = location("online", in: map)
        profile.offline = location("offline", in: map)
        profile.registry = location("registry", in: map)
        profile.kafka = value("kafka", in: map).flatMap { kafka($0) }
        if let node = value("databases", in: map) {
            for entry in entries(node, "`databases`") ?? [] {
                let name = identifier(entry.keyNode, "the name of a database")
                guard let name, let place = word(entry.value, "`\(name.value)`") else { continue }
                profile.databases.append((name, place))
            }
        }
        return profile
    }

    private mutating func location(_ key: String, in map: MapReader) -> Name? {
        value(key, in: map).flatMap { word($0, "`\(key)`") }
    }
}

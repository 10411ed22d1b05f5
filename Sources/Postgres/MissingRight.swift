/// The right that a role lacks, as far as the server's words and the command tell it.
struct MissingRight {
    private static let kinds = [
        "schema", "database", "table", "view", "materialized view", "sequence", "foreign table",
    ]

    /// What somebody who may has to run.
    let grant: String

    /// Reads `permission denied for table orders`; nil for anything else.
    ///
    /// - Parameters:
    ///   - message: the server's.
    ///   - command: what was refused.
    ///   - role: whose right is missing.
    ///   - schema: where names without one are looked for.
    init?(_ message: String, command: String, role: String, schema: String?) {
        guard let found = message.firstRange(of: "permission denied for ") else { return nil }
        let rest = String(message[found.upperBound...])
        let verb = command.split { !$0.isLetter }.first?.uppercased() ?? ""
        guard let kind = Self.kinds.first(where: { rest.hasPrefix($0 + " ") }) else { return nil }
        let name = String(rest.dropFirst(kind.count + 1))
        let object: (right: String, name: String)
        switch kind {
        case "schema":
            let right = command.contains("CREATE ") ? "CREATE" : "USAGE"
            object = (right, "SCHEMA \(name.plainIdentifier)")
        case "database": object = ("CREATE", "DATABASE \(name.plainIdentifier)")
        default:
            let qualifier = Self.schema(of: name, in: command) ?? schema
            let names = [qualifier, name].compactMap { $0?.plainIdentifier }
            object = (Self.right(to: verb, command), names.joined(separator: "."))
        }
        grant = "GRANT \(object.right) ON \(object.name) TO \(role.plainIdentifier)"
    }

    private static func right(to verb: String, _ command: String) -> String {
        switch verb {
        case "INSERT", "UPDATE", "DELETE": verb
        case "COPY" where command.contains("FROM STDIN"): "INSERT"
        default: "SELECT"
        }
    }

    /// The schema that `command` writes before the name of a table.
    private static func schema(of name: String, in command: String) -> String? {
        for written in [name.quotedIdentifier, name] {
            guard let range = command.firstRange(of: "." + written) else { continue }
            let word = command[..<range.lowerBound].reversed().prefix {
                $0.isLetter || $0.isNumber || $0 == "_" || $0 == "\""
            }
            if !word.isEmpty { return String(word.reversed().filter { $0 != "\"" }) }
        }
        return nil
    }
}

extension String {
    /// The name as SQL takes it, in quotes only where it needs them.
    fileprivate var plainIdentifier: String {
        let isPlain = utf8.enumerated().allSatisfy { index, letter in
            switch letter {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
        return isPlain && !isEmpty ? self : quotedIdentifier
    }
}

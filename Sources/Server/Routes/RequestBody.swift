import JSONParsing
import Values

/// The members of a request's JSON body, read by name.
struct RequestBody {
    /// Why a body has not the shape of the contract: 422, as FastAPI tells it.
    struct Malformed: Error {
        /// The kind of error in FastAPI's words.
        let type: String
        /// Where in the body it is.
        let location: [String]
        let message: String
    }

    private let tape: JSONTape
    private let members: [(name: String, position: Int)]

    init(_ tape: JSONTape) throws(Malformed) {
        guard case .object = tape.kind(at: tape.root) else {
            throw Malformed(
                type: "model_attributes_type", location: [], message: "Input should be an object")
        }
        self.tape = tape
        members = try Self.members(of: tape.root, in: tape, at: [])
    }

    func string(_ name: String) throws(Malformed) -> String? {
        guard let position = position(of: name) else { return nil }
        guard case .string = tape.kind(at: position) else {
            throw Malformed(
                type: "string_type", location: [name], message: "Input should be a valid string")
        }
        return tape.string(at: position)
    }

    func bool(_ name: String) throws(Malformed) -> Bool? {
        guard let position = position(of: name) else { return nil }
        guard case .bool(let flag) = tape.kind(at: position) else {
            throw Malformed(
                type: "bool_type", location: [name], message: "Input should be true or false")
        }
        return flag
    }

    func strings(_ name: String) throws(Malformed) -> [String]? {
        guard let position = position(of: name) else { return nil }
        guard case .array = tape.kind(at: position) else {
            throw Malformed(
                type: "list_type", location: [name], message: "Input should be a valid list")
        }
        var strings: [String] = []
        try tape.forEachElement(of: position) { element throws(Malformed) in
            guard case .string = tape.kind(at: element) else {
                throw Malformed(
                    type: "string_type", location: [name, String(strings.count)],
                    message: "Input should be a valid string")
            }
            strings.append(tape.string(at: element))
        }
        return strings
    }

    /// The columns of the member `table`, at most `limit` values each.
    func columns(of table: String, limit: Int) throws -> [EntityValues] {
        guard let position = position(of: table) else {
            throw Malformed(type: "missing", location: [table], message: "Field required")
        }
        guard case .object = tape.kind(at: position) else {
            throw Malformed(
                type: "dict_type", location: [table],
                message: "Input should be an object of name: [values]")
        }
        let columns = try Self.members(of: position, in: tape, at: [table])
        return try columns.map { name, position in
            EntityValues(
                name: name,
                values: try values(at: position, of: [table, name], limit: limit))
        }
    }

    private func values(
        at position: Int, of column: [String], limit: Int
    ) throws -> [JSONCell] {
        guard case .array = tape.kind(at: position) else {
            throw Malformed(
                type: "list_type", location: column,
                message: "Input should be a list with one value per entity")
        }
        var values: [JSONCell] = []
        try tape.forEachElement(of: position) { element throws in
            guard values.count < limit else {
                throw ServiceError(
                    .tooLarge,
                    "'\(column[1])' has more than \(limit) entities; send them in several requests")
            }
            values.append(try value(at: element, of: column, index: values.count))
        }
        return values
    }

    private func value(
        at position: Int, of column: [String], index: Int
    ) throws(Malformed) -> JSONCell {
        if let cell = tape.cell(at: position) { return cell }
        var isList = false
        if case .array = tape.kind(at: position) { isList = true }
        throw Malformed(
            type: "scalar_type", location: column + [String(index)],
            message: isList
                ? "A list should hold strings, numbers, true, false or null"
                : "Input should be a string, a number, true, false, null or a list")
    }

    /// The value's position of the member `name`; nil when it is missing or null.
    private func position(of name: String) -> Int? {
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        if case .null = tape.kind(at: member.position) { return nil }
        return member.position
    }

    /// A name that stands twice is refused: two readers could take different ones.
    private static func members(
        of position: Int, in tape: JSONTape, at location: [String]
    ) throws(Malformed) -> [(name: String, position: Int)] {
        var members: [(name: String, position: Int)] = []
        try tape.forEachMember(of: position) { name, position throws(Malformed) in
            guard members.count < 1000, !members.contains(where: { $0.name == name }) else {
                throw Malformed(
                    type: "duplicate_key", location: location + [name],
                    message: "Input should have each name once, and at most 1000 names")
            }
            members.append((name, position))
        }
        return members
    }
}

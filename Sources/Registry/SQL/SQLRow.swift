import Planning
import Values

/// One row of an answer.
///
/// Columns have types that the database keeps to: numbers of another type, which only a damaged
/// one has, read as 0.
struct SQLRow: Hashable, Sendable {
    let values: [SQLValue]

    /// Whether the value in column `column` is null.
    func isNull(_ column: Int) -> Bool { values[column] == .null }

    /// The integer in column `column`; 0 for null.
    func integer(_ column: Int) -> Int64 {
        if case .integer(let number) = values[column] { number } else { 0 }
    }

    /// The integer in column `column`, as a number of things.
    func count(_ column: Int) -> Int { Int(clamping: integer(column)) }

    /// The number in column `column`; 0 for null.
    func real(_ column: Int) -> Double {
        if case .real(let number) = values[column] { number } else { Double(integer(column)) }
    }

    /// The text in column `column`.
    func text(_ column: Int) throws(RegistryError) -> String {
        if case .text(let text) = values[column] { return text }
        throw RegistryError(
            .corrupt, "the registry lacks a text where one belongs", hint: remedyForDamage)
    }

    /// The text in column `column`, or nil for null.
    func optionalText(_ column: Int) throws(RegistryError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The bytes in column `column`; none for null.
    func bytes(_ column: Int) -> [UInt8] {
        if case .bytes(let bytes) = values[column] { bytes } else { [] }
    }
}

extension SQLRow {
    /// The time in column `column`.
    func time(_ column: Int) -> EventTime {
        EventTime(microseconds: integer(column))
    }

    /// The time in column `column`, or nil for null.
    func optionalTime(_ column: Int) -> EventTime? {
        isNull(column) ? nil : time(column)
    }

    /// The type in column `column`.
    func type(_ column: Int) throws(RegistryError) -> DataType {
        let text = try text(column)
        if let type = DataType(parsing: text) { return type }
        throw RegistryError(
            .corrupt, "the registry holds the unknown type '\(text)'", hint: remedyForDamage)
    }

    /// The digest in column `column`.
    func digest(_ column: Int) throws(RegistryError) -> FeatureDigest {
        if let digest = FeatureDigest(bytes: bytes(column)) { return digest }
        throw RegistryError(
            .corrupt, "the registry holds a digest that has not 32 bytes", hint: remedyForDamage)
    }

    /// The identity in column `column`.
    func identity(_ column: Int) throws(RegistryError) -> RecordIdentity {
        if let identity = RecordIdentity(bytes: bytes(column)) { return identity }
        throw RegistryError(
            .corrupt, "the registry holds an identity that has not 32 bytes",
            hint: remedyForDamage)
    }
}

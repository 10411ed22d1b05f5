import Definitions

extension MapShape {
    static let expectation = MapShape(
        "an expectation", about: "What rows must be like, by one rule.",
        keys: [
            .optional("not_null", columnOrColumns, "Columns that have no nulls."),
            .optional("range", .map(range), "Between what the values of a column lie."),
            .optional("accepted", .map(accepted), "What the values of a column can be."),
            .optional("unique", columnOrColumns, "Columns in which no two rows agree."),
            .optional("freshness", .duration, "How old the newest row may be."),
            .optional("volume", .map(volume), "How many rows there are, compared with others."),
            .optional("that", .text, "A condition of your own."),
            .optional(
                "action", .oneOf(ExpectationAction.allCases.map(\.rawValue)),
                "What happens when it is broken; `stop` unless given."),
            .optional("tolerate", .percentage, "The share of rows that may break it."),
        ], alternatives: ExpectationDefinition.ruleNames)

    static let range = MapShape(
        "`range`", about: "Between what the values of a column lie; both ends are inside.",
        keys: [
            .required("column", .text, "The column."),
            .optional("from", .scalar, "The smallest value."),
            .optional("to", .scalar, "The greatest value."),
        ], foreign: ["min": "from", "max": "to"])

    static let accepted = MapShape(
        "`accepted`", about: "What the values of a column can be.",
        keys: [
            .required("column", .text, "The column."),
            .required("values", .list(of: .scalar, atLeast: 1), "The values."),
        ])

    static let volume = MapShape(
        "`volume`", about: "How many rows there are, compared with the last runs.",
        keys: [
            .optional("runs", .number("^[0-9]+$"), "How many runs to compare with."),
            .required(
                "within", .percentage, "How far the number of rows may be off, as `30%`.",
                remedy: "add `within: 30%`: how far the number of rows may be off"),
        ])

    private static let columnOrColumns = ValueShape.either(
        .text, .list(of: .text, atLeast: 1))
}

public import Values

extension EventLogState {
    /// Why rows of `interval` with the columns of `schema` cannot be appended to this state of the
    /// log of `source`; nil when they can.
    ///
    /// An interval may be new or be exactly one that is there. Columns are only added or widened.
    public func refusal(
        appending interval: EventInterval, _ schema: Schema, to source: String
    ) -> EventLogRefusal? {
        for there in intervals.map(\.interval)
        where there.overlaps(interval) && there != interval {
            return EventLogRefusal(
                isOverlap: true,
                message: "source \(source): \(interval) overlaps \(there), which is there",
                hint: "append the gaps only, or the same interval again")
        }
        for field in schema.fields where field.name.contains("\n") || field.name.isEmpty {
            return EventLogRefusal(
                isOverlap: false, message: "'\(field.name)' cannot be a column of an event log",
                hint: "give it another name")
        }
        for field in self.schema?.fields ?? [] {
            if let message = Self.change(of: field, in: schema) {
                return EventLogRefusal(
                    isOverlap: false, message: "source \(source) \(message)",
                    hint: "columns are only added or widened; give another source another name")
            }
        }
        return nil
    }

    private static func change(of field: Field, in schema: Schema) -> String? {
        guard let type = schema.type(of: field.name) else {
            return "has no column '\(field.name)', which its event log has"
        }
        if field.type.widens(to: type) { return nil }
        return "has a column '\(field.name)' of \(type), which is \(field.type) in its event log"
    }
}

/// Why an append is refused.
public struct EventLogRefusal: Hashable, Sendable {
    /// Whether the interval is the reason; else the columns are.
    public let isOverlap: Bool
    /// What does not fit.
    public let message: String
    /// What to do about it.
    public let hint: String
}

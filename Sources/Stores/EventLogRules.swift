public import Values

extension EventLogState {
    /// Why rows of `interval` with the columns of `schema` cannot be appended to this state of the
    /// log of `source`; nil when they can.
    ///
    /// An interval may be new or be exactly one that is there, and ends where the stream begins.
    /// Columns are only added or widened.
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
        if let cut = streamCut?.time, interval.to > cut {
            return EventLogRefusal(
                isOverlap: true,
                message: "source \(source): \(interval) reaches beyond \(cut), where its stream "
                    + "begins", hint: "append rows before \(cut) only; the stream brings the others"
            )
        }
        return refusal(of: schema, source)
    }

    /// Why a stream of rows with the columns of `schema` cannot begin at `cut`; nil when it can.
    package func refusal(
        streaming schema: Schema, from cut: EventTime, to source: String
    ) -> EventLogRefusal? {
        if let there = intervals.map(\.interval).last, streamCut == nil, there.to > cut {
            return EventLogRefusal(
                isOverlap: true,
                message: "source \(source): a stream cannot begin at \(cut), because the event log "
                    + "has \(there)", hint: "begin it at \(there.to) or later")
        }
        for field in schema.fields where StreamColumn.all.contains(where: { $0 == field.name }) {
            return EventLogRefusal(
                isOverlap: false,
                message: "'\(field.name)' cannot be a column of a source with a stream: the event "
                    + "log keeps it for itself", hint: "give it another name")
        }
        return refusal(of: schema, source)
    }

    private func refusal(of schema: Schema, _ source: String) -> EventLogRefusal? {
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
    /// Whether the times are the reason; else the columns are.
    public let isOverlap: Bool
    /// What does not fit.
    public let message: String
    /// What to do about it.
    public let hint: String
}

extension Schema {
    /// The columns of both, each in the wider of its types; nil when there are none.
    package static func union(_ first: Schema?, _ second: Schema?) -> Schema? {
        guard let first, let second else { return first ?? second }
        let widened = first.fields.map { field in
            let type = second.type(of: field.name) ?? field.type
            return Field(name: field.name, type: field.type.widens(to: type) ? type : field.type)
        }
        return Schema(widened + second.fields.filter { first.type(of: $0.name) == nil })
    }
}

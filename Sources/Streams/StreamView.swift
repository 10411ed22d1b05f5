public import Planning
import Records
import Values

extension SourcePlan {
    /// The source as a stream brings it: where it declares no known-at, the record's timestamp.
    public var asStream: SourcePlan {
        guard knownAt == nil else { return self }
        return SourcePlan(
            name: name,
            schema: Schema(schema.fields + [Field(name: StreamRows.knownAt, type: .timestamp)]),
            computed: computed, eventTime: eventTime, knownAt: StreamRows.knownAt, batch: batch,
            completeTo: completeTo, zone: zone, expectations: expectations, stream: stream)
    }
}

extension ViewPlan {
    /// The view over the rows of the stream; its features and their digests are the same.
    public var asStream: ViewPlan {
        ViewPlan(
            name: name, entity: entity, keys: keys, source: source.asStream, filter: filter,
            admission: admission, refresh: refresh, ttl: ttl, features: features,
            expectations: expectations, checkedFilter: checkedFilter)
    }

    /// Whether all rows of one entity are in one partition, if the topic is keyed as declared.
    public var isKeyed: Bool {
        guard let keyedBy = source.stream?.keyedBy, !keyedBy.isEmpty else { return false }
        let own = Set(keys.map(\.sourceColumn))
        return keyedBy.allSatisfy(own.contains)
    }
}

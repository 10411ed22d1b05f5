extension ViewPlan {
    /// Why rows cannot be written to this view's online states one by one, and what to do; nil when
    /// they can: to a view of latest values that a stream refreshes.
    public var refusalOfWrites: String? {
        if case .aggregates = features {
            return "the view '\(name)' has aggregates: a row that is written alone would count "
                + "again when the view is materialized; append it to the source "
                + "'\(source.name)' and materialize"
        }
        if case .every(let interval, _) = refresh {
            return "the view '\(name)' is refreshed every \(interval): in every mode it is asked "
                + "as of its cut, before which a row of this moment was not known; append it to "
                + "the source '\(source.name)' and materialize, or declare 'refresh: stream'"
        }
        return nil
    }
}

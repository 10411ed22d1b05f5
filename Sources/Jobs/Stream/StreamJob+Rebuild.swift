public import Planning
import Stores
import Streams

extension StreamJob {
    /// Prepares views for being built anew beside what is live: what is next is built by a
    /// materialization, and fed by this job.
    ///
    /// Where the store has lost what the stream needs, what is live cannot be fed any more. Its record
    /// is taken away, so that the materialization takes its place at once; a view without batch rows
    /// begins again with none.
    /// - Throws: what stores and brokers throw.
    public func prepareRebuild(of views: [ViewPlan]) throws {
        for source in sources {
            for view in source.views where views.contains(view) {
                do {
                    if try stores.online.streamRecord(of: view.name) == nil { continue }
                    let beginning = beginning(of: view, source)
                    try beginning.checkReach(of: try beginning.record().live)
                } catch let error as StreamError where error.code == .lostPosition {
                    let lost = try stores.online.streamRecord(of: view.name)
                    _ = try stores.online.replaceStreamRecord(of: view.name, lost, with: nil)
                    if view.source.batch == nil {
                        try beginning(of: view, source).publishEmpty()
                    }
                }
            }
        }
    }
}

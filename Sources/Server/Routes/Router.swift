import JSONParsing
import Stores
import Values

/// Answers the requests of one loop.
final class Router {
    private let service: any FeatureService
    private let stores: LoopStores
    private let tasks: LoopTasks
    private let limits: ServerLimits
    private let board: MetricsBoard
    private let loop: Int
    private let clock: ServerClock
    private let json = SimdjsonParser()
    private var text = JSONText()
    private var date = HTTPDate()
    var metrics = LoopMetrics()

    init(
        service: any FeatureService, stores: LoopStores, tasks: LoopTasks, limits: ServerLimits,
        board: MetricsBoard, loop: Int, clock: ServerClock
    ) {
        self.service = service
        self.stores = stores
        self.tasks = tasks
        self.limits = limits
        self.board = board
        self.loop = loop
        self.clock = clock
    }

    /// Tells the other loops what this one has counted.
    func publish() { board.publish(metrics, of: loop) }

    /// Answers a request, or what was none.
    ///
    /// - Parameters:
    ///   - result: the request.
    ///   - keepsAlive: whether the connection stays open.
    ///   - output: where the answer is appended if nothing must be waited for.
    ///   - later: gets the answer otherwise, once.
    /// - Returns: whether the answer stands in `output`.
    func answer(
        _ result: Result<HTTPRequest, HTTPRefusal>, keepsAlive: Bool, to output: inout [UInt8],
        later: @escaping ([UInt8]) -> Void
    ) -> Bool {
        let envelope = Envelope(result, keepsAlive: keepsAlive)
        switch result {
        case .failure(let refusal):
            text.clear()
            write(detail(refusal.status, refusal.message), envelope, to: &output)
        case .success(let request):
            let answer = respond(to: request, on: envelope.route) { [self] answer in
                var output: [UInt8] = []
                write(answer, envelope, to: &output)
                later(output)
            }
            guard let answer else { return false }
            write(answer, envelope, to: &output)
        }
        return true
    }

    /// What must be known of a request when it is answered.
    private struct Envelope {
        let start = MonotonicClock.nanoseconds
        var route = Route.other
        var sendsBody = true
        var connection: String?

        init(_ result: Result<HTTPRequest, HTTPRefusal>, keepsAlive: Bool) {
            connection = keepsAlive ? nil : "close"
            guard case .success(let request) = result else { return }
            route = Route(path: request.path)
            sendsBody = request.method != .head
            if keepsAlive, request.minorVersion == 0 { connection = "keep-alive" }
        }
    }

    /// Gets the head of an answer whose body stands in `text`.
    private typealias Later = (HTTPAnswer) -> Void

    private func write(_ answer: HTTPAnswer, _ envelope: Envelope, to output: inout [UInt8]) {
        answer.append(
            body: text.bytes, sendsBody: envelope.sendsBody,
            date: date.text(at: ServerClock.system.now), connection: envelope.connection,
            to: &output)
        metrics.count(
            envelope.route, answer.status,
            nanoseconds: MonotonicClock.nanoseconds - envelope.start)
    }

    /// - Returns: the head of the answer; nil when `later` gets it.
    private func respond(
        to request: HTTPRequest, on route: Route, _ later: @escaping Later
    ) -> HTTPAnswer? {
        text.clear()
        guard route.takes(request.method) else {
            var answer = detail(
                .methodNotAllowed,
                "\(request.method.rawValue) is not for \(request.path): use \(route.allow ?? "")")
            answer.allow = route.allow
            return answer
        }
        do {
            switch route {
            case .onlineFeatures: return try onlineFeatures(request, later)
            case .predict: return try predict(request, later)
            case .writeToOnlineStore: return try write(request, later)
            case .push: return try push(request, later)
            case .materialize, .materializeIncremental:
                return try materialize(request, incrementally: route != .materialize, later)
            case .health: return health(later)
            case .metrics: return showMetrics(later)
            case .other:
                return detail(
                    .notFound,
                    "there is nothing at this path; see /get-online-features, /predict, /push, "
                        + "/write-to-online-store, /materialize, /health and /metrics")
            }
        } catch {
            return failure(error)
        }
    }

    private func onlineFeatures(
        _ request: HTTPRequest, _ later: @escaping Later
    ) throws -> HTTPAnswer? {
        guard request.hasBody else { return lacksBody() }
        let (asked, question) = try parse(request) { [self] body in
            let asked = try OnlineFeaturesRequest(body, limit: limits.entities, now: clock.now)
            return (asked, try service.onlineFeatures(asked))
        }
        return ask(question, later) { [self] response in
            metrics.entities += asked.entityCount
            text.write(response, to: asked)
            return HTTPAnswer()
        }
    }

    private func predict(
        _ request: HTTPRequest, _ later: @escaping Later
    ) throws -> HTTPAnswer? {
        guard request.hasBody else { return lacksBody() }
        let (asked, question) = try parse(request) { [self] body in
            let asked = try PredictionRequest(body, limit: limits.entities, now: clock.now)
            return (asked, try service.predict(asked))
        }
        return ask(question, later) { [self] response in
            metrics.entities += asked.entityCount
            text.write(response)
            return HTTPAnswer()
        }
    }

    private func health(_ later: @escaping Later) -> HTTPAnswer? {
        ask(service.checkHealth(), later) { [self] _ in
            text.open("{")
            text.name("status")
            text.string("ok")
            text.close("}")
            return HTTPAnswer()
        }
    }

    private func showMetrics(_ later: @escaping Later) -> HTTPAnswer? {
        ask(service.metrics(), later) { [self] serviceMetrics in
            publish()
            var metricsText = MetricsText()
            metricsText.write(board.total())
            for metric in serviceMetrics { metricsText.write(metric) }
            text.raw(metricsText.text)
            return HTTPAnswer(contentType: .metrics)
        }
    }

    private func parse<Asked>(
        _ request: HTTPRequest, _ read: (RequestBody) throws -> Asked
    ) throws -> Asked {
        var body = request.body
        return try json.parse(&body) { try read(RequestBody($0)) }
    }

    /// Reads what a question needs and answers it.
    ///
    /// - Parameters:
    ///   - question: what is to be read, and the answer of it.
    ///   - later: gets the head of the answer if the store must be waited for.
    ///   - write: writes the body.
    /// - Returns: the head of the answer; nil when `later` gets it.
    private func ask<Answer>(
        _ question: StoreQuestion<Answer>, _ later: @escaping Later,
        _ write: @escaping (Answer) -> HTTPAnswer
    ) -> HTTPAnswer? {
        let finish = { [self] (stored: Result<[StoreAnswer], StoreError>) in
            text.clear()
            do {
                return write(try question.answer(from: stored))
            } catch {
                return failure(error)
            }
        }
        guard
            let stored = stores.read(
                question.requests, of: question.store, { later(finish($0)) })
        else { return nil }
        return finish(stored)
    }

    private func write(
        _ request: HTTPRequest, _ later: @escaping Later
    ) throws -> HTTPAnswer? {
        guard request.hasBody else { return lacksBody() }
        let task = try parse(request) { [self] body in
            try service.write(
                WriteRequest(featuresIn: body, limit: limits.entities, now: clock.now))
        }
        return try run(task, on: .writes, later) { [self] in text.raw("null") }
    }

    private func push(
        _ request: HTTPRequest, _ later: @escaping Later
    ) throws -> HTTPAnswer? {
        guard request.hasBody else { return lacksBody() }
        let task = try parse(request) { [self] body in
            try service.write(WriteRequest(rowsIn: body, limit: limits.entities, now: clock.now))
        }
        return try run(task, on: .writes, later) {}
    }

    private func materialize(
        _ request: HTTPRequest, incrementally: Bool, _ later: @escaping Later
    ) throws -> HTTPAnswer? {
        guard request.hasBody else { return lacksBody() }
        guard request.query?.contains("async=true") != true else {
            throw ServiceError(
                .notSupported, "what is asked with async=true could fail unseen: ask without it")
        }
        let task = try parse(request) { [self] body in
            try service.materialize(
                incrementally
                    ? MaterializationRequest(incremental: body)
                    : MaterializationRequest(body, now: clock.now))
        }
        return try run(task, on: .materializations, later) { [self] in text.raw("null") }
    }

    /// Does work beside the loop and tells its end, whose body `write` writes.
    private func run(
        _ task: ServiceTask, on queue: LoopTasks.Queue, _ later: @escaping Later,
        _ write: @escaping () -> Void
    ) throws -> HTTPAnswer? {
        try tasks.run(task, on: queue) { [self] outcome in
            text.clear()
            switch outcome {
            case .success:
                write()
                later(HTTPAnswer())
            case .failure(let error): later(failure(error))
            }
        }
        return nil
    }

    private func lacksBody() -> HTTPAnswer {
        detail(.lengthRequired, "the request has no body; send JSON")
    }

    /// The answer to a request that cannot be answered otherwise.
    private func failure(_ error: any Error) -> HTTPAnswer {
        switch error {
        case let error as ServiceError: feastError(error)
        case let error as RequestBody.Malformed:
            unprocessable(error.type, error.location, error.message)
        case let error as SimdjsonParser.Failure:
            unprocessable("json_invalid", [], "JSON decode error: \(error.message)")
        default: feastError(ServiceError(.fault, "the request failed: \(error)"))
        }
    }

    /// `{"detail": message}`.
    private func detail(_ status: HTTPStatus, _ message: String) -> HTTPAnswer {
        text.open("{")
        text.name("detail")
        text.string(message)
        text.close("}")
        return HTTPAnswer(status: status)
    }

    /// What FastAPI, and so Feast's server, says about a body of another shape.
    private func unprocessable(
        _ type: String, _ location: [String], _ message: String
    ) -> HTTPAnswer {
        text.clear()
        text.open("{")
        text.name("detail")
        text.open("[")
        text.open("{")
        text.name("type")
        text.string(type)
        text.name("loc")
        text.open("[")
        for part in ["body"] + location { text.string(part) }
        text.close("]")
        text.name("msg")
        text.string(message)
        text.close("}")
        text.close("]")
        text.close("}")
        return HTTPAnswer(status: .unprocessableContent)
    }

    /// A JSON string with JSON in it, from which Feast's client makes its exception again.
    private func feastError(_ error: ServiceError) -> HTTPAnswer {
        var inner = JSONText()
        inner.open("{")
        inner.name("module")
        inner.string("feast.errors")
        inner.name("class")
        inner.string(error.code.feastClass)
        inner.name("message")
        inner.string(error.message)
        inner.close("}")
        text.clear()
        text.string(String(decoding: inner.bytes, as: UTF8.self))
        return HTTPAnswer(status: error.code.status)
    }
}

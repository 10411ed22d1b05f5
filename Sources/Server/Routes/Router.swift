import Values

/// Answers the requests of one loop.
final class Router {
    private let service: any FeatureService
    private let limits: ServerLimits
    private let board: MetricsBoard
    private let loop: Int
    private let clock: ServerClock
    private let json = SimdjsonParser()
    private var text = JSONText()
    private var date = HTTPDate()
    var metrics = LoopMetrics()

    init(
        service: any FeatureService, limits: ServerLimits, board: MetricsBoard, loop: Int,
        clock: ServerClock
    ) {
        self.service = service
        self.limits = limits
        self.board = board
        self.loop = loop
        self.clock = clock
    }

    /// Tells the other loops what this one has counted.
    func publish() { board.publish(metrics, of: loop) }

    /// Appends the answer to a request, or to what was none.
    func answer(
        _ result: Result<HTTPRequest, HTTPRefusal>, keepsAlive: Bool, to output: inout [UInt8]
    ) {
        let start = MonotonicClock.nanoseconds
        text.clear()
        let answer: HTTPAnswer
        var route = Route.other
        var sendsBody = true
        var connection: String? = keepsAlive ? nil : "close"
        switch result {
        case .failure(let refusal):
            answer = detail(refusal.status, refusal.message)
        case .success(let request):
            route = Route(path: request.path)
            sendsBody = request.method != .head
            if keepsAlive, request.minorVersion == 0 { connection = "keep-alive" }
            answer = respond(to: request, on: route)
        }
        answer.append(
            body: text.bytes, sendsBody: sendsBody, date: date.text(at: ServerClock.system.now),
            connection: connection, to: &output)
        metrics.count(route, answer.status, nanoseconds: MonotonicClock.nanoseconds - start)
    }

    private func respond(to request: HTTPRequest, on route: Route) -> HTTPAnswer {
        guard route.takes(request.method) else {
            var answer = detail(
                .methodNotAllowed,
                "\(request.method.rawValue) is not for \(request.path): use \(route.allow ?? "")")
            answer.allow = route.allow
            return answer
        }
        switch route {
        case .onlineFeatures: return respond(to: request, onlineFeatures)
        case .predict: return respond(to: request, predict)
        case .health: return respond { try self.health() }
        case .metrics: return showMetrics()
        case .other:
            return detail(
                .notFound,
                "there is nothing at this path; see /get-online-features, /predict, /health and "
                    + "/metrics")
        }
    }

    private func respond(
        to request: HTTPRequest, _ handle: @escaping (RequestBody) throws -> Void
    ) -> HTTPAnswer {
        guard request.hasBody else {
            return detail(.lengthRequired, "the request has no body; send JSON")
        }
        var body = request.body
        return respond { [json] in
            try json.parse(&body) { try handle(RequestBody($0)) }
        }
    }

    /// Runs `handle`, which writes the body of an answer that succeeds.
    private func respond(_ handle: () throws -> Void) -> HTTPAnswer {
        do {
            try handle()
            return HTTPAnswer()
        } catch let error as ServiceError {
            return feastError(error)
        } catch let error as RequestBody.Malformed {
            return unprocessable(error.type, error.location, error.message)
        } catch let error as SimdjsonParser.Failure {
            return unprocessable("json_invalid", [], "JSON decode error: \(error.message)")
        } catch {
            return feastError(ServiceError(.fault, "the request failed: \(error)"))
        }
    }

    private func onlineFeatures(_ body: RequestBody) throws {
        let request = try OnlineFeaturesRequest(body, limit: limits.entities, now: clock.now)
        let response = try service.onlineFeatures(request)
        metrics.entities += request.entityCount
        text.write(response, to: request)
    }

    private func predict(_ body: RequestBody) throws {
        let request = try PredictionRequest(body, limit: limits.entities, now: clock.now)
        let response = try service.predict(request)
        metrics.entities += request.entityCount
        text.write(response)
    }

    private func health() throws {
        try service.checkHealth()
        text.open("{")
        text.name("status")
        text.string("ok")
        text.close("}")
    }

    private func showMetrics() -> HTTPAnswer {
        publish()
        var metricsText = MetricsText()
        metricsText.write(board.total())
        for metric in service.metrics() { metricsText.write(metric) }
        text.raw(metricsText.text)
        return HTTPAnswer(contentType: .metrics)
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

import CYAML

/// The events of one YAML text, by libyaml.
///
/// It owns libyaml's parser and a copy of the text, which the parser points into, from before the
/// first call that can fail until it is destroyed.
@safe struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>
    private let isReady: Bool

    /// Starts reading `bytes`, which must be UTF-8 without a byte order mark.
    init(_ bytes: [UInt8]) {
        unsafe parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        unsafe text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
        _ = unsafe text.initialize(from: bytes)
        isReady = unsafe yaml_parser_initialize(parser) == 1
        if isReady {
            unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
        }
    }

    deinit {
        if isReady { unsafe yaml_parser_delete(parser) }
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// The next event; after `streamEnd` it must not be called again.
    ///
    /// - Throws: where the text is no YAML; it must not be called again after that either.
    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        guard isReady else { throw outOfMemory }
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError }
        defer { unsafe yaml_event_delete(&event) }
        guard let copy = unsafe YAMLEvent(event) else { throw outOfMemory }
        return copy
    }

    private var syntaxError: YAMLSyntaxError {
        let parser = unsafe self.parser.pointee
        return unsafe YAMLSyntaxError(
            problem: string(parser.problem) ?? "it is no YAML",
            mark: YAMLMark(parser.problem_mark),
            context: string(parser.context), contextMark: YAMLMark(parser.context_mark))
    }

    private var outOfMemory: YAMLSyntaxError {
        let start = YAMLMark(line: 0, column: 0)
        return YAMLSyntaxError(problem: "the YAML parser failed", mark: start, contextMark: start)
    }
}

extension YAMLEvent {
    /// Copies an event; nil for the event that is none.
    init?(_ event: yaml_event_t) {
        let start = unsafe YAMLMark(event.start_mark)
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: self = .streamStart
        case YAML_STREAM_END_EVENT: self = .streamEnd
        case YAML_DOCUMENT_START_EVENT: self = .documentStart(start)
        case YAML_DOCUMENT_END_EVENT: self = .documentEnd
        case YAML_ALIAS_EVENT: self = .alias(start)
        case YAML_SCALAR_EVENT: unsafe self.init(scalar: event)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            unsafe self = .sequenceStart(
                isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE,
                properties: YAMLProperties(event, anchor: start.anchor, tag: start.tag))
        case YAML_SEQUENCE_END_EVENT: self = unsafe .sequenceEnd(YAMLMark(event.end_mark))
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            unsafe self = .mappingStart(
                isFlow: start.style == YAML_FLOW_MAPPING_STYLE,
                properties: YAMLProperties(event, anchor: start.anchor, tag: start.tag))
        case YAML_MAPPING_END_EVENT: self = unsafe .mappingEnd(YAMLMark(event.end_mark))
        default: return nil
        }
    }

    private init(scalar event: yaml_event_t) {
        let scalar = unsafe event.data.scalar
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let style: YAMLScalarStyle
        switch unsafe scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: style = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: style = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: style = .block
        default: style = .plain
        }
        unsafe self = .scalar(
            text: String(decoding: bytes, as: UTF8.self), style: style,
            properties: YAMLProperties(event, anchor: scalar.anchor, tag: scalar.tag))
    }
}

extension YAMLProperties {
    fileprivate init(
        _ event: yaml_event_t, anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?
    ) {
        unsafe self.init(
            start: YAMLMark(event.start_mark), end: YAMLMark(event.end_mark),
            anchor: string(anchor), tag: string(tag))
    }
}

extension YAMLMark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line), column: Int(mark.column))
    }
}

private func string(_ text: UnsafePointer<CChar>?) -> String? {
    guard let text = unsafe text else { return nil }
    return unsafe String(cString: text)
}

private func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let text = unsafe text else { return nil }
    return unsafe String(cString: text)
}

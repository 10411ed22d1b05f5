/// One event of a YAML stream, copied out of libyaml's memory.
enum YAMLEvent {
    case streamStart
    case streamEnd
    case documentStart(YAMLMark)
    case documentEnd
    case alias(YAMLMark)
    case scalar(text: String, style: YAMLScalarStyle, properties: YAMLProperties)
    case sequenceStart(isFlow: Bool, properties: YAMLProperties)
    case sequenceEnd(YAMLMark)
    case mappingStart(isFlow: Bool, properties: YAMLProperties)
    case mappingEnd(YAMLMark)
}

/// How a scalar is written.
package enum YAMLScalarStyle: Sendable {
    case plain
    case singleQuoted
    case doubleQuoted
    /// Literal or folded block.
    case block
}

/// What every node has: its span and whether it carries an anchor or a tag.
struct YAMLProperties {
    var start: YAMLMark
    var end: YAMLMark
    var anchor: String?
    var tag: String?
}

/// A place in the text: line and column counted from 0, in Unicode scalars.
struct YAMLMark: Hashable {
    var line: Int
    var column: Int
}

/// What libyaml found wrong with the text.
struct YAMLSyntaxError: Error {
    var problem: String
    var mark: YAMLMark
    /// What was being read, and where it began.
    var context: String?
    var contextMark: YAMLMark
}

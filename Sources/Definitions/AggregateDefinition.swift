public import Aggregates
public import Values

/// `AGG(args) [where EXPR] [over W | over [W, ...]] [hop H | exact [max_events N]]`, parsed.
public struct AggregateDefinition: Hashable, Sendable {
    /// What is computed, with the place of its name.
    public var function: Located<AggregateFunction>
    /// The argument; nil for `count()`.
    public var input: ExpressionText?
    /// Which rows count, besides the view's own filter.
    public var filter: ExpressionText?
    /// How far back it looks.
    public var windows: WindowsDefinition
    /// The alignment of the tail, where it is written.
    public var tail: TailDefinition

    /// Makes an aggregate.
    public init(
        function: Located<AggregateFunction>, input: ExpressionText?,
        filter: ExpressionText? = nil, windows: WindowsDefinition = .lifetime,
        tail: TailDefinition = .defaultHop
    ) {
        self.function = function
        self.input = input
        self.filter = filter
        self.windows = windows
        self.tail = tail
    }
}

/// A window as written: its length and the spelling that a name's suffix takes over.
public struct WindowDefinition: Hashable, Sendable {
    /// The spelling, as in `24h`.
    public var text: String
    /// The length, with its place.
    public var length: Located<EventDuration>

    /// Makes a window.
    public init(text: String, length: Located<EventDuration>) {
        self.text = text
        self.length = length
    }
}

/// How many windows there are, and whether they are part of the features' names.
public enum WindowsDefinition: Hashable, Sendable {
    /// No `over`: all rows that ever were.
    case lifetime
    /// `over W`: the feature has the plain name.
    case single(WindowDefinition)
    /// `over [W, ...]`: one feature each, the window as written being the name's suffix.
    case list([WindowDefinition])
}

/// How the older end of a window is aligned, as written.
public enum TailDefinition: Hashable, Sendable {
    /// By the standard hop for the window's length.
    case defaultHop
    /// By this hop.
    case hop(Located<EventDuration>)
    /// To the microsecond, over at most so many of the newest rows; nil = the default.
    case exact(place: SourceLocation, maxEvents: Located<Int>?)
}

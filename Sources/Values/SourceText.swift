/// The text of one file that a person wrote, cut into lines, for showing where an error is.
public struct SourceText: Hashable, Sendable {
    /// The file's path as the user would name it.
    public let path: String
    private let lines: [[Unicode.Scalar]]

    /// Cuts `text` at the line ends that YAML knows (LF, CR LF, CR, NEL, LS, PS).
    public init(path: String, text: String) {
        self.path = path
        var lines: [[Unicode.Scalar]] = [[]]
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if afterReturn, scalar == "\n" {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            if "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar) {
                lines.append([])
            } else {
                lines[lines.count - 1].append(scalar)
            }
        }
        self.lines = lines
    }

    /// How many lines there are; at least 1.
    public var lineCount: Int { lines.count }

    /// The line `number`, counted from 1, without its end; nil outside the file.
    public func line(_ number: Int) -> String? {
        guard number >= 1, number <= lines.count else { return nil }
        return Self.string(lines[number - 1][...])
    }

    /// The text of one line from `location` to the line's end; empty outside the file.
    public func remainder(from location: SourceLocation) -> String {
        guard location.line >= 1, location.line <= lines.count else { return "" }
        return Self.string(lines[location.line - 1].dropFirst(location.column - 1))
    }

    /// The text from `start` up to but not including `end`, lines joined by a blank.
    public func text(from start: SourceLocation, to end: SourceLocation) -> String {
        guard start.line >= 1, start.line <= end.line, end.line <= lines.count else { return "" }
        if start.line == end.line {
            let line = lines[start.line - 1].prefix(end.column - 1)
            return Self.string(line.dropFirst(start.column - 1))
        }
        var pieces = [remainder(from: start)]
        pieces += lines[start.line..<end.line - 1].map { Self.string($0[...]) }
        pieces.append(Self.string(lines[end.line - 1].prefix(end.column - 1)))
        return pieces.joined(separator: " ")
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

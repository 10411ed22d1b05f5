import Glibc

/// What went wrong with a Parquet file, where, and what to do about it.
public struct ParquetError: Error, Hashable, Sendable {
    /// The kind of failure; more kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The kind as one word.
        public let description: String

        /// The file is no Parquet file at all.
        public static let notParquet = Code(description: "notParquet")
        /// The file ends before what it promises.
        public static let truncated = Code(description: "truncated")
        /// The bytes contradict the format or themselves.
        public static let corrupt = Code(description: "corrupt")
        /// The file uses a part of the format that is not implemented.
        public static let unsupported = Code(description: "unsupported")
        /// The file has no column of that name.
        public static let missingColumn = Code(description: "missingColumn")
        /// The operating system refused.
        public static let io = Code(description: "io")
        /// There is no room left to write.
        public static let noRoom = Code(description: "noRoom")
    }

    /// The kind of failure.
    public let code: Code
    /// The place, what is wrong there, with the offending value, and the remedy.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension ParquetError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension ParquetError {
    static func corrupt(_ message: String) -> ParquetError { ParquetError(.corrupt, message) }

    static func truncated(_ message: String) -> ParquetError { ParquetError(.truncated, message) }

    static func unsupported(_ message: String) -> ParquetError {
        ParquetError(.unsupported, message)
    }

    /// What the system answered to an attempt to write.
    static func writing(_ action: String, errorNumber: Int32) -> ParquetError {
        let isFull = errorNumber == ENOSPC || errorNumber == EDQUOT
        return ParquetError(isFull ? .noRoom : .io, "\(action): \(systemMessage(errorNumber))")
    }

    /// The same failure with the place around it named first.
    func inside(_ place: String) -> ParquetError { ParquetError(code, "\(place): \(message)") }

    /// The same failure with the file named first and the remedy last.
    func inFile(_ path: String) -> ParquetError {
        let remedy =
            switch code {
            case .corrupt, .truncated: "; restore the file from its source or write it again"
            case .notParquet: "; name a Parquet file"
            case .noRoom: "; make room on the disk and run it again"
            default: ""
            }
        return ParquetError(code, "\(path): \(message)\(remedy)")
    }
}

public import Definitions
public import Values

/// Reads definition files and keeps their text, so that what is wrong can be shown in its line.
public struct DefinitionLoader: Sendable {
    /// The files that were read, in the order of reading.
    public private(set) var files: [SourceText] = []

    /// Starts without a file.
    public init() {}

    /// Reads all `*.yaml` and `*.yml` of a folder, in file-name order, as one project.
    ///
    /// - Parameter folder: the folder; places in diagnostics begin with its path.
    /// - Throws: which folder or file cannot be read from disk.
    /// - Returns: what could be read, and everything that is wrong with the rest.
    public mutating func reading(folder: String) throws(Diagnostics) -> ProjectReading {
        let names = try onDisk(folder) { () throws(DefinitionFileError) in
            try definitionFileNames(folder: folder)
        }
        var contents: [(path: String, bytes: [UInt8])] = []
        for name in names {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            let bytes = try onDisk(path) { () throws(DefinitionFileError) in
                try readDefinitionFile(path)
            }
            contents.append((path, bytes))
        }
        guard !contents.isEmpty else {
            let place = SourceLocation(file: folder, line: 1, column: 1)
            throw Diagnostics([
                Diagnostic(
                    "the folder has no definitions", at: place,
                    hint: "definitions are files named *.yaml or *.yml")
            ])
        }
        return reading(files: contents)
    }

    /// Reads texts as the files of one project, in the given order.
    ///
    /// - Parameter contents: the files' paths and bytes; at least one.
    /// - Returns: what could be read, and everything that is wrong with the rest.
    public mutating func reading(
        files contents: [(path: String, bytes: [UInt8])]
    ) -> ProjectReading {
        var merger = ProjectMerger()
        for (path, bytes) in contents {
            let document = YAMLDocument(bytes, path: path)
            files.append(document.source)
            merger.report(document.diagnostics)
            guard let root = document.root else {
                if !document.diagnostics.isEmpty { merger.mergeUnreadable() }
                continue
            }
            var reader = DefinitionReader(document.source)
            let part = reader.project(root)
            merger.report(reader.diagnostics.all)
            merger.merge(part)
        }
        return merger.finish(firstFile: contents.first?.path ?? "")
    }

    /// Reads what was not written in files; places are those of its nodes.
    package mutating func reading(root: YAMLNode) -> ProjectReading {
        let source = SourceText(path: root.start.file, text: "")
        var merger = ProjectMerger()
        var reader = DefinitionReader(source)
        let part = reader.project(root)
        merger.report(reader.diagnostics.all)
        merger.merge(part)
        return merger.finish(firstFile: source.path)
    }

    /// Reads a folder as one project; see `reading(folder:)`.
    ///
    /// - Throws: everything that is wrong with the files, names that are not resolved apart.
    /// - Returns: the project as written.
    public mutating func project(folder: String) throws(Diagnostics) -> ProjectDefinition {
        try reading(folder: folder).complete()
    }

    /// Reads texts as one project; see `reading(files:)`.
    ///
    /// - Throws: everything that is wrong with the files, names that are not resolved apart.
    /// - Returns: the project as written.
    public mutating func project(
        files contents: [(path: String, bytes: [UInt8])]
    ) throws(Diagnostics) -> ProjectDefinition {
        try reading(files: contents).complete()
    }

    /// Reads one pipeline.
    ///
    /// - Parameter path: the file.
    /// - Throws: everything that is wrong with the file, names that are not resolved apart.
    /// - Returns: the pipeline as written.
    public mutating func pipeline(path: String) throws(Diagnostics) -> PipelineDefinition {
        let bytes = try onDisk(path) { () throws(DefinitionFileError) in
            try readDefinitionFile(path)
        }
        return try pipeline(path: path, bytes: bytes)
    }

    /// Reads a text as a pipeline.
    ///
    /// - Parameters:
    ///   - path: the path that places in diagnostics begin with.
    ///   - bytes: the text.
    /// - Throws: everything that is wrong with the file, names that are not resolved apart.
    /// - Returns: the pipeline as written.
    public mutating func pipeline(
        path: String, bytes: [UInt8]
    ) throws(Diagnostics) -> PipelineDefinition {
        let document = YAMLDocument(bytes, path: path)
        files.append(document.source)
        guard document.diagnostics.isEmpty else { throw Diagnostics(document.diagnostics) }
        guard let root = document.root else {
            let place = SourceLocation(file: path, line: 1, column: 1)
            throw Diagnostics([Diagnostic("the file is empty", at: place)])
        }
        var reader = DefinitionReader(document.source)
        let pipeline = reader.pipeline(root)
        guard let pipeline, reader.diagnostics.isEmpty else { throw reader.diagnostics }
        return pipeline
    }

    /// Keeps a text for showing lines of it.
    mutating func keep(_ source: SourceText) { files.append(source) }

    /// Runs a reading from disk, whose error becomes a diagnostic at the path.
    func onDisk<Value>(
        _ path: String, _ read: () throws(DefinitionFileError) -> Value
    ) throws(Diagnostics) -> Value {
        do {
            return try read()
        } catch {
            let place = SourceLocation(file: path, line: 1, column: 1)
            throw Diagnostics([Diagnostic(error.message, at: place, hint: error.hint)])
        }
    }
}

/// Reads all definitions of a folder; see `DefinitionLoader` for showing the lines of errors.
///
/// - Parameter folder: the folder.
/// - Throws: everything that is wrong with the files, names that are not resolved apart.
/// - Returns: the project as written.
public func loadDefinitions(folder: String) throws(Diagnostics) -> ProjectDefinition {
    var loader = DefinitionLoader()
    return try loader.project(folder: folder)
}

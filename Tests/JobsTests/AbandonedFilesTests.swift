import Glibc
import TestSupport
import Testing

@testable import Jobs

@Suite("What killed jobs left")
struct AbandonedFilesTests {
    private let later = time(nil) + 3600

    @Test("is removed beside the output; other files stay")
    func removed() throws {
        let folder = try TemporaryFolder()
        let left = ["out.12-1.tmp", ".out.12.tmp", ".out.manifest.json.7.tmp", ".out.9.tmp/rows"]
        let kept = ["out", "out.tmp", ".outer.12.tmp", "out.notes.tmp", "other.12-1.tmp"]
        for name in left + kept { _ = try folder.file(name, "") }
        AbandonedFiles.remove(beside: folder.file("out"), now: later)
        #expect(try Set(FileSystem.names(in: folder.path)) == Set(kept))
    }

    @Test("stays while a job holds it, and while it is young")
    func held() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("out.12-1.tmp", "")
        AbandonedFiles.remove(beside: folder.file("out"))
        #expect(FileSystem.kind(of: path) == .file)
        let stage = try StagedFolder(target: folder.file("out"))
        AbandonedFiles.remove(beside: folder.file("out"), now: later)
        #expect(FileSystem.kind(of: path) == .missing)
        #expect(FileSystem.kind(of: stage.path) == .folder)
    }
}

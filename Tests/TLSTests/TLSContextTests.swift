import TLS
import TestSupport
import Testing

@Suite("Certificates and keys in files")
struct TLSContextTests {
    private let certificates: TestCertificates
    private let files: TestCertificates.Files

    init() throws {
        certificates = try TestCertificates()
        files = try certificates.issue("server")
    }

    @Test("that cannot be used are named, with the reason")
    func badFiles() throws {
        let garbage = try certificates.file("garbage.pem", holding: "no certificate\n")
        let missing = certificates.folder.file("missing.pem")
        let protected = try certificates.protectedKey(of: files)
        let other = try certificates.issue("other")
        for (certificate, key, named) in [
            (missing, files.key, missing), (garbage, files.key, garbage),
            (files.certificate, missing, missing), (files.certificate, garbage, garbage),
            (files.certificate, protected, protected), (files.certificate, other.key, other.key),
        ] {
            let error = #expect(throws: TLSError.self) {
                try TLSContext(
                    serverWith: TLSIdentity(certificatePath: certificate, keyPath: key))
            }
            #expect(error?.code == .badFile && error?.hint != nil)
            #expect(error?.message.contains("'\(named)'") == true, "\(error as Any)")
        }
        for path in [missing, garbage] {
            let error = #expect(throws: TLSError.self) {
                try TLSContext(clientTrusting: .file(path: path))
            }
            #expect(error?.code == .badFile && error?.message.contains("'\(path)'") == true)
        }
    }

    @Test("say why: missing, protected, of another certificate")
    func reasons() throws {
        let missing = certificates.folder.file("missing.pem")
        let other = try certificates.issue("other")
        for (key, words) in [
            (missing, "No such file"), (other.key, "not that of the certificate"),
        ] {
            let error = #expect(throws: TLSError.self) {
                try TLSContext(
                    serverWith: TLSIdentity(certificatePath: files.certificate, keyPath: key))
            }
            #expect(error?.message.contains(words) == true, "\(error as Any)")
        }
    }
}

import Foundation

/// An authority of a test's own, and certificates that it signs, made by `openssl`.
public final class TestCertificates: Sendable {
    /// A certificate and its key.
    public struct Files: Sendable {
        /// The certificate, in PEM.
        public let certificate: String
        /// Its key, in PEM.
        public let key: String
        /// Where they are, as long as somebody knows them.
        fileprivate let folder: TemporaryFolder
    }

    /// The authority's certificate, in PEM.
    public var authority: String { folder.file("authority.pem") }
    /// Where all files are.
    public let folder: TemporaryFolder

    /// What a server on the loopback interface is called.
    public static let loopbackNames = ["DNS:localhost", "IP:127.0.0.1"]

    /// Makes an authority.
    ///
    /// - Throws: `JudgeProcess.Failure` when `openssl` is missing.
    public init() throws {
        folder = try TemporaryFolder()
        _ = try makeRequest("authority", ["-x509", "-days", "2", "-out", authority])
    }

    /// Signs a certificate.
    ///
    /// - Parameters:
    ///   - name: the files' name, one for each certificate.
    ///   - names: whom it is for.
    ///   - dates: from when until when it holds, as `20200101000000Z`.
    /// - Throws: `JudgeProcess.Failure` when `openssl` refuses.
    /// - Returns: the files.
    public func issue(
        _ name: String, for names: [String] = TestCertificates.loopbackNames,
        valid dates: (from: String, to: String)? = nil
    ) throws -> Files {
        let request = folder.file("\(name).csr")
        let files = Files(
            certificate: folder.file("\(name).pem"),
            key: try makeRequest(
                name,
                ["-addext", "subjectAltName=\(names.joined(separator: ","))", "-out", request]),
            folder: folder)
        let dates = dates.map { ["-startdate", $0.from, "-enddate", $0.to] } ?? ["-days", "2"]
        let authorityFiles = ["-cert", authority, "-keyfile", folder.file("authority.key")]
        let places = [
            "-batch", "-notext", "-config", try configuration(), "-in", request, "-out",
            files.certificate,
        ]
        try openssl(["ca"] + places + authorityFiles + dates)
        return files
    }

    /// Writes a file with `text` in it, and gives its path.
    public func file(_ name: String, holding text: String) throws -> String {
        let path = folder.file(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Protects the key of `files` by a passphrase, and gives its path.
    public func protectedKey(of files: Files) throws -> String {
        let path = files.key + ".protected"
        try openssl(["pkey", "-in", files.key, "-aes256", "-passout", "pass:hush", "-out", path])
        return path
    }

    /// - Returns: the path of the key that was made.
    private func makeRequest(_ name: String, _ arguments: [String]) throws -> String {
        let key = folder.file("\(name).key")
        let common = [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=\(name)", "-keyout", key,
        ]
        try openssl(["req"] + common + arguments)
        return key
    }

    /// What `openssl ca` wants to know of an authority.
    private func configuration() throws -> String {
        let database = folder.file("index.txt")
        if !FileManager.default.fileExists(atPath: database) {
            _ = try file("index.txt", holding: "")
        }
        return try file(
            "ca.cnf",
            holding: """
                [ca]
                default_ca = test
                [test]
                database = \(database)
                new_certs_dir = \(folder.path)
                rand_serial = yes
                default_md = sha256
                unique_subject = no
                copy_extensions = copy
                policy = any
                [any]
                commonName = supplied

                """)
    }

    private func openssl(_ arguments: [String]) throws {
        _ = try JudgeProcess.run("/usr/bin/openssl", arguments)
    }
}

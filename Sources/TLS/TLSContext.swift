import COpenSSL

// SAFETY: OpenSSL counts the uses of an SSL_CTX and locks it; nothing is set after `init`.
/// What all sessions of one side have in common: whom it trusts and who it is. TLS 1.2 or later.
///
/// Files are read when it is made; a changed certificate wants a new context.
public final class TLSContext: @unchecked Sendable {
    let handle: TLSContextHandle
    let isClient: Bool

    /// The side that connects. It always asks for the server's certificate and checks it.
    ///
    /// - Parameters:
    ///   - authorities: who may have signed the server's certificate.
    ///   - identity: what to show to a server that asks who connects.
    /// - Throws: `badFile`, naming the file.
    public init(
        clientTrusting authorities: TLSAuthorities, identity: TLSIdentity? = nil
    ) throws(TLSError) {
        isClient = true
        handle = try TLSContextHandle()
        try handle.trust(authorities)
        handle.requireCertificateOfPeer()
        if let identity { try handle.use(identity) }
    }

    /// The side that is connected to.
    ///
    /// - Parameters:
    ///   - identity: what to show to clients.
    ///   - authorities: who must have signed the certificate that every client must show; nil
    ///     when clients need none.
    /// - Throws: `badFile`, naming the file.
    public init(
        serverWith identity: TLSIdentity, clientsSignedBy authorities: TLSAuthorities? = nil
    ) throws(TLSError) {
        isClient = false
        handle = try TLSContextHandle()
        try handle.use(identity)
        if let authorities {
            try handle.trust(authorities)
            handle.requireCertificateOfPeer()
        }
    }
}

/// An `SSL_CTX`, freed when it goes; sessions keep what they need of it.
@safe
struct TLSContextHandle: ~Copyable {
    let pointer: OpaquePointer

    init() throws(TLSError) {
        ERR_clear_error()
        guard let created = unsafe SSL_CTX_new(TLS_method()) else { throw .ofLibrary() }
        unsafe pointer = created
        _ = unsafe roost_tls_require_version(pointer, TLS1_2_VERSION)
        unsafe roost_tls_save_memory(pointer)
        unsafe roost_tls_refuse_renegotiation(pointer)
        // Without a name, sessions that were begun with client certificates cannot be resumed.
        let name = Array("roost".utf8)
        _ = unsafe SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
        // The library's own answer is to ask on the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in -1 }
    }

    deinit { unsafe SSL_CTX_free(pointer) }

    func trust(_ authorities: TLSAuthorities) throws(TLSError) {
        ERR_clear_error()
        switch authorities {
        case .system:
            guard unsafe SSL_CTX_set_default_verify_paths(pointer) == 1 else { throw .ofLibrary() }
        case .file(let path):
            guard unsafe SSL_CTX_load_verify_file(pointer, path) == 1 else {
                throw .badFile("the certificates of authorities in '\(path)'")
            }
        }
    }

    func requireCertificateOfPeer() {
        unsafe SSL_CTX_set_verify(
            pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }

    func use(_ identity: TLSIdentity) throws(TLSError) {
        ERR_clear_error()
        let (certificate, key) = (identity.certificatePath, identity.keyPath)
        guard unsafe SSL_CTX_use_certificate_chain_file(pointer, certificate) == 1 else {
            throw .badFile("the certificate in '\(certificate)'")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(pointer, key, SSL_FILETYPE_PEM) == 1 else {
            if TLSError.lastReason == X509_R_KEY_VALUES_MISMATCH {
                throw TLSError(
                    .badFile,
                    "the key in '\(key)' is not that of the certificate in "
                        + "'\(certificate)'", hint: "give the two that were made together")
            }
            throw .badFile("the key in '\(key)'")
        }
        guard unsafe SSL_CTX_check_private_key(pointer) == 1 else {
            throw TLSError(
                .badFile, "the key in '\(key)' is not that of the certificate in '\(certificate)'",
                hint: "give the two that were made together")
        }
    }
}

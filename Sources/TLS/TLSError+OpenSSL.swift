import COpenSSL
import Glibc

extension TLSError {
    /// The reason of the newest failure of this thread, as a number.
    static var lastReason: Int32 { ERR_GET_REASON(ERR_peek_last_error()) }

    /// A failure of the library that has no better words.
    static func ofLibrary() -> TLSError {
        TLSError(.broken, "TLS failed: \(libraryText(ERR_peek_error()))")
    }

    /// A file that cannot be used, for the reason that the library gave last.
    static func badFile(_ what: String) -> TLSError {
        TLSError(
            .badFile, "\(what) cannot be used: \(libraryText(ERR_peek_error()))",
            hint: "give a PEM file that this process may read, its key without a passphrase")
    }

    /// Why a session failed, by the first reason in the library's queue.
    static func ofSession(_ session: OpaquePointer) -> TLSError {
        let failure = ERR_peek_error()
        let text = libraryText(failure)
        switch ERR_GET_REASON(failure) {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            return unsafe untrusted(SSL_get_verify_result(session))
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return TLSError(
                .untrusted, "the client shows no certificate",
                hint: "clients of this server need a certificate and its key")
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST,
            SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH:
            return TLSError(
                .notTLS, "the other side does not speak TLS",
                hint: "use a port that does, or speak in the clear")
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
            return TLSError(
                .refused, "the server wants a certificate of the client",
                hint: "give a certificate and its key")
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
            SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
            SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
            return TLSError(
                .refused, "the other side does not take this side's certificate (\(text))",
                hint: "give one that it trusts and that has not expired")
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
            return TLSError(
                .refused, "the two sides have no version of TLS in common",
                hint: "use TLS 1.2 or 1.3")
        default:
            return TLSError(.broken, "TLS failed: \(text)")
        }
    }

    /// Why a certificate does not prove anything.
    private static func untrusted(_ result: Int) -> TLSError {
        let reason = unsafe String(cString: X509_verify_cert_error_string(result))
        let authority = "name the file of the authority that signed it"
        let (message, hint): (String, String) =
            switch Int32(truncatingIfNeeded: result) {
            case X509_V_ERR_CERT_HAS_EXPIRED:
                ("has expired", "renew it, or correct this machine's clock")
            case X509_V_ERR_CERT_NOT_YET_VALID:
                ("is not valid yet", "correct the clock of this machine")
            case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
                (
                    "is not for the name that was asked for",
                    "use a name that is in it, or let it be made for this one"
                )
            case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
                ("is signed by nobody who is trusted here", authority)
            default: ("cannot be trusted", authority)
            }
        return TLSError(
            .untrusted, "the certificate of the other side \(message) (\(reason))", hint: hint)
    }

    private static func libraryText(_ failure: UInt) -> String {
        if failure == 0 { return "no reason is given" }
        // The flag of errors of the system, whose texts OpenSSL does not give out.
        if failure & 0x8000_0000 != 0 {
            return unsafe String(cString: strerror(ERR_GET_REASON(failure)))
        }
        guard let text = unsafe ERR_reason_error_string(failure) else {
            return "OpenSSL's error \(failure)"
        }
        return unsafe String(cString: text)
    }
}

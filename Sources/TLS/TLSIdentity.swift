/// The files by which one side proves who it is, both in PEM.
public struct TLSIdentity: Hashable, Sendable {
    /// The certificate, and behind it those that link it to an authority.
    public var certificatePath: String
    /// Its key, not protected by a passphrase.
    public var keyPath: String

    /// Makes an identity.
    public init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }
}

/// Whose signatures make a certificate good.
public enum TLSAuthorities: Hashable, Sendable {
    /// Those that the system trusts.
    case system
    /// Those whose certificates are in a file, in PEM.
    case file(path: String)
}

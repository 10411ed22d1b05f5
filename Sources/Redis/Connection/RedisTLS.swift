public import TLS

/// How a connection to Redis is encrypted, and who proves what to whom.
public struct RedisTLS: Hashable, Sendable {
    /// Who must have signed the server's certificate: a file, or those whom the system trusts.
    public var authorities = TLSAuthorities.system
    /// What to show to a server that asks who connects.
    public var identity: TLSIdentity?
    /// What the server's certificate must be for; nil for the host of the address.
    public var serverName: String?

    /// The authorities of the system, and no certificate of the client.
    public init() {}

    /// What all connections have in common.
    ///
    /// - Throws: `badTLS`, naming the file that cannot be used.
    public func context() throws(RedisError) -> TLSContext {
        do throws(TLSError) {
            return try TLSContext(clientTrusting: authorities, identity: identity)
        } catch {
            throw RedisError(error)
        }
    }
}

extension RedisAddress {
    /// A session with the server at this address, for whoever brings a socket of his own; nil
    /// when the address is spoken to in the clear.
    ///
    /// - Throws: `badTLS` for files that cannot be used.
    public func session() throws(RedisError) -> TLSSession? {
        guard let tls, case .host(let host, _) = place else { return nil }
        let context = try tls.context()
        do throws(TLSError) {
            return try TLSSession(client: context, serverName: tls.serverName ?? host)
        } catch {
            throw RedisError(error)
        }
    }
}

extension RedisTLS {
    /// Reads what stands behind the `?` of an address.
    init(_ settings: [Substring: String]) throws(RedisError) {
        self.init()
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "ca": authorities = .file(path: try Self.path(value, name))
            case "cert", "key": _ = try Self.path(value, name)
            case "name": serverName = value
            default:
                throw RedisAddress.bad("'\(name)' is none of the settings ca, cert, key, name")
            }
        }
        switch (settings["cert"], settings["key"]) {
        case (let certificate?, let key?):
            identity = TLSIdentity(certificatePath: certificate, keyPath: key)
        case (nil, nil): break
        default: throw RedisAddress.bad("'cert' and 'key' stand together or not at all")
        }
    }

    /// Who runs a command, and where, shall not decide which file is meant.
    private static func path(_ text: String, _ name: Substring) throws(RedisError) -> String {
        guard text.hasPrefix("/") else {
            throw RedisAddress.bad("'\(name)=\(text)' is no absolute path")
        }
        return text
    }
}

extension RedisError {
    /// The failure of a session, in the words of this module.
    public init(_ error: TLSError) {
        self.init(error.code == .badFile ? .badTLS : .insecure, error.message, hint: error.hint)
    }
}

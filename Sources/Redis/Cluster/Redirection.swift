extension RedisReply {
    /// Whether the cluster wants the command elsewhere or later; nothing was done.
    var isRedirection: Bool {
        let word = errorText.split(separator: " ").first ?? ""
        return ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY"]
            .contains(word)
    }

    /// The text of an error; empty for anything else.
    var errorText: String {
        guard case .error(let text) = self else { return "" }
        return text
    }

    /// The server that has the key for this one command: `ASK 3999 127.0.0.1:6381`.
    ///
    /// - Parameter place: the server that said so, for one that does not know its own name.
    /// - Returns: nil when it is anything else.
    func askedPlace(besides place: RedisAddress.Place) -> RedisAddress.Place? {
        redirectedPlace("ASK ", besides: place)
    }

    /// The server that has the key from here on: `MOVED 3999 127.0.0.1:6381`.
    func movedPlace(besides place: RedisAddress.Place) -> RedisAddress.Place? {
        redirectedPlace("MOVED ", besides: place)
    }

    private func redirectedPlace(
        _ word: String, besides place: RedisAddress.Place
    ) -> RedisAddress.Place? {
        let text = errorText
        guard text.hasPrefix(word), let target = text.split(separator: " ").last,
            let colon = target.lastIndex(of: ":"),
            let port = UInt16(target[target.index(after: colon)...])
        else { return nil }
        let name = String(target[..<colon])
        return .host(name.isEmpty ? place.hostName : name, port: port)
    }
}

extension RedisAddress.Place {
    /// The host, or this machine.
    var hostName: String {
        switch self {
        case .host(let name, _): name
        case .socket: "127.0.0.1"
        }
    }
}

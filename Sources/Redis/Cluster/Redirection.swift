extension RedisReply {
    /// Whether the cluster wants the command elsewhere or later; nothing was done.
    var isRedirection: Bool {
        guard case .error(let text) = self else { return false }
        let word = text.split(separator: " ").first ?? ""
        return ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY"]
            .contains(word)
    }

    /// The server that has the key for this one command: `ASK 3999 127.0.0.1:6381`.
    var askedPlace: RedisAddress.Place? {
        guard case .error(let text) = self, text.hasPrefix("ASK ") else { return nil }
        guard let place = text.split(separator: " ").last, let colon = place.lastIndex(of: ":"),
            let port = UInt16(place[place.index(after: colon)...])
        else { return nil }
        return .host(String(place[..<colon]), port: port)
    }
}

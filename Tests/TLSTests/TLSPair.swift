import TLS

/// Both sides of a connection, and the wire between them.
final class TLSPair {
    var client: TLSSession
    var server: TLSSession
    /// What the client was told, and the server.
    var clientHeard: [UInt8] = []
    var serverHeard: [UInt8] = []
    var clientFailure: TLSError?
    var serverFailure: TLSError?

    /// How many bytes the wire carries at a time.
    private let pieceSize: Int

    init(
        _ client: TLSContext, _ server: TLSContext, name: String = "localhost",
        pieceSize: Int = .max
    ) throws {
        self.client = try TLSSession(client: client, serverName: name)
        self.server = try TLSSession(server: server)
        self.pieceSize = pieceSize
    }

    /// Carries bytes both ways until nobody has any.
    func settle() {
        while client.hasOutgoing || server.hasOutgoing {
            var bytes: [UInt8] = []
            client.takeOutgoing(into: &bytes)
            giveServer(bytes)
            bytes = []
            server.takeOutgoing(into: &bytes)
            giveClient(bytes)
        }
    }

    func giveServer(_ bytes: [UInt8]) {
        forEachPiece(of: bytes) { piece in
            guard serverFailure == nil else { return }
            do throws(TLSError) {
                try server.receive(piece.span, into: &serverHeard)
            } catch {
                serverFailure = error
            }
        }
    }

    func giveClient(_ bytes: [UInt8]) {
        forEachPiece(of: bytes) { piece in
            guard clientFailure == nil else { return }
            do throws(TLSError) {
                try client.receive(piece.span, into: &clientHeard)
            } catch {
                clientFailure = error
            }
        }
    }

    private func forEachPiece(of bytes: [UInt8], _ body: ([UInt8]) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = start + min(pieceSize, bytes.count - start)
            body(Array(bytes[start..<end]))
            start = end
        }
    }
}

import Dispatch
import Glibc
import Synchronization

/// Whether somebody wants the command to end: Ctrl-C, or a service manager.
final class StopSignals {
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
        let comes = DispatchSemaphore(value: 0)
    }

    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    /// Listens from now on; the signals do not end the process any more.
    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [flag] in
                flag.isSet.store(true, ordering: .relaxed)
                flag.comes.signal()
            }
            source.resume()
        }
    }

    /// What says whether one has come.
    var hasCome: @Sendable () -> Bool {
        { [flag] in flag.isSet.load(ordering: .relaxed) }
    }

    /// Waits until one comes.
    func wait() { flag.comes.wait() }
}

import Glibc

/// Who works at something: a process, and a token that no other claim has.
///
/// A process that was killed cannot say so. On its own machine its absence shows at once; from
/// another machine its claim ends with the lease.
public struct ClaimOwner: Hashable, Sendable {
    /// 16 random bytes.
    public var token: [UInt8]
    /// The machine, its boot and its table of processes.
    public var machine: String
    /// The process's number there.
    public var process: Int64
    /// When the process began, in ticks since the boot; numbers are used again.
    public var processStart: Int64

    /// Puts an owner together.
    public init(token: [UInt8], machine: String, process: Int64, processStart: Int64) {
        self.token = token
        self.machine = machine
        self.process = process
        self.processStart = processStart
    }

    /// This process, with a token drawn from `generator`.
    public static func current(using generator: inout some RandomNumberGenerator) -> ClaimOwner {
        let token = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let process = Int64(getpid())
        return ClaimOwner(
            token: token, machine: Self.thisMachine, process: process,
            processStart: startOfProcess(process) ?? 0)
    }

    /// Whether the process is known to be gone; false when that cannot be seen from here.
    public var isGone: Bool {
        guard machine == Self.thisMachine else { return false }
        return startOfProcess(process) != processStart
    }

    private static var thisMachine: String {
        let boot = firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"
        return "\(boot) \(linkTarget(of: "/proc/self/ns/pid") ?? "")"
    }
}

/// When the process `number` began; nil when there is none.
private func startOfProcess(_ number: Int64) -> Int64? {
    guard let line = firstLine(of: "/proc/\(number)/stat"),
        let name = line.lastIndex(of: ")")
    else { return nil }
    // The second field, in parentheses, may hold blanks; the start is the 22nd.
    let fields = line[name...].split(separator: " ")
    // A dead process stays in the table, as Z, until its parent has looked.
    guard fields.count > 20, fields[1] != "Z", fields[1] != "X" else { return nil }
    return Int64(fields[20])
}

private func firstLine(of path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress, buffer.count)
    }
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self)
}

private func linkTarget(of path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int in
        guard let start = buffer.baseAddress else { return -1 }
        return unsafe readlink(path, start, buffer.count)
    }
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

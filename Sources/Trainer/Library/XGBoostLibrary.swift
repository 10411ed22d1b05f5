internal import CXGBoost
import Glibc

// SAFETY: the table is filled once before the object is shared; the functions behind it keep
// their errors per thread.
/// The shared library of XGBoost, opened when it is first needed.
@safe public final class XGBoostLibrary: @unchecked Sendable {
    /// The file names that are tried, unless `ROOST_XGBOOST` names one.
    private static let names = ["libxgboost.so.0", "libxgboost.so"]
    private static let shared = Result { () throws(TrainerError) -> XGBoostLibrary in
        let named = unsafe getenv("ROOST_XGBOOST").map { unsafe [String(cString: $0)] }
        return try XGBoostLibrary(paths: named ?? names)
    }

    let functions: xgboost_functions
    /// The library's version, such as `1.7.4`.
    public let version: String

    /// The library of this machine; opened at the first call.
    ///
    /// - Throws: `library` when it is not installed or lacks a function.
    public static func open() throws(TrainerError) -> XGBoostLibrary { try shared.get() }

    private init(paths: [String]) throws(TrainerError) {
        var functions = xgboost_functions()
        var reasons: [String] = []
        for path in paths {
            guard let reason = unsafe xgboost_open(path, &functions) else {
                self.functions = functions
                var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
                unsafe functions.version(&major, &minor, &patch)
                version = "\(major).\(minor).\(patch)"
                return
            }
            unsafe reasons.append(String(cString: reason))
        }
        throw TrainerError(
            .library, "XGBoost cannot be opened: \(reasons.joined(separator: "; "))",
            hint: "install the package libxgboost-dev, or set ROOST_XGBOOST to the library's path")
    }

    /// Turns a status of the library into an error; to be called at once, on the same thread.
    func check(_ status: Int32, _ action: String) throws(TrainerError) {
        guard status != 0 else { return }
        let text = unsafe functions.last_error().map { unsafe String(cString: $0) } ?? ""
        throw TrainerError(.library, "XGBoost cannot \(action): \(firstLine(of: text))")
    }
}

/// The library's message without the time, the place in its sources and the stack.
private func firstLine(of text: String) -> String {
    let line = text.split(separator: "\n").first.map(String.init) ?? "no reason given"
    guard let place = line.firstRange(of: ".cc:") ?? line.firstRange(of: ".h:") else { return line }
    let rest = line[place.upperBound...].drop { $0.isNumber || $0 == ":" || $0 == " " }
    return rest.isEmpty ? line : String(rest)
}

/// An object of the library, freed when it is let go.
@safe struct XGBoostHandle: ~Copyable {
    let raw: xgboost_handle?
    private let free: @convention(c) (xgboost_handle?) -> Int32

    init(_ raw: xgboost_handle?, free: @convention(c) (xgboost_handle?) -> Int32) {
        unsafe self.raw = raw
        unsafe self.free = free
    }

    deinit {
        // A failure to free leaves nothing that could be done.
        if let raw = unsafe raw { _ = unsafe free(raw) }
    }
}

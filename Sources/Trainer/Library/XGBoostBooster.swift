internal import CXGBoost
import Columns

/// A model inside the library. Not for several threads at a time.
@safe package struct XGBoostBooster: ~Copyable {
    private let library: XGBoostLibrary
    private let handle: XGBoostHandle

    private init(_ library: XGBoostLibrary, _ handle: consuming XGBoostHandle) {
        self.library = library
        self.handle = handle
    }

    /// An empty model that is going to be trained.
    ///
    /// - Parameters:
    ///   - library: the library that holds it.
    ///   - parameters: XGBoost's own names and values, in the order in which they are set.
    ///   - training: the rows it is trained on.
    ///   - validation: the rows it is watched on.
    /// - Throws: `library` for a parameter that it does not take.
    package init(
        library: XGBoostLibrary, parameters: [(name: String, value: String)],
        training: borrowing XGBoostMatrix, validation: borrowing XGBoostMatrix
    ) throws(TrainerError) {
        var raw: xgboost_handle?
        let matrices = unsafe [training.handle.raw, validation.handle.raw]
        let status = unsafe library.functions.booster_create(matrices, 2, &raw)
        unsafe self.init(
            library, XGBoostHandle(raw, free: library.functions.booster_free))
        try library.check(status, "make a model")
        for (name, value) in parameters { try set(name, value) }
    }

    /// A model from the bytes of a file, in the library's binary or JSON form, whose predictions
    /// use `threads` threads; 1 is best for single rows.
    package init(library: XGBoostLibrary, model: [UInt8], threads: Int) throws(TrainerError) {
        var raw: xgboost_handle?
        let status = unsafe library.functions.booster_create(nil, 0, &raw)
        unsafe self.init(
            library, XGBoostHandle(raw, free: library.functions.booster_free))
        try library.check(status, "make a model")
        try set("verbosity", "0")
        try set("nthread", String(threads))
        let loaded = unsafe model.withUnsafeBytes { bytes in
            unsafe library.functions.booster_load(
                handle.raw, bytes.baseAddress, UInt64(bytes.count))
        }
        try library.check(loaded, "read the model")
    }

    private func set(_ name: String, _ value: String) throws(TrainerError) {
        try library.check(
            unsafe library.functions.booster_set(handle.raw, name, value),
            "set \(name) to \(value)")
    }

    /// Grows the tree (or trees) of one round.
    package func update(round: Int, on matrix: borrowing XGBoostMatrix) throws(TrainerError) {
        try library.check(
            unsafe library.functions.booster_update(
                handle.raw, Int32(clamping: round), matrix.handle.raw), "train")
    }

    /// The model's error on `matrix` by the metric that its parameters name.
    package func error(
        round: Int, on matrix: borrowing XGBoostMatrix
    ) throws(TrainerError) -> Double {
        var text: UnsafePointer<CChar>?
        let status = unsafe "validation".withCString { name in
            var matrices = unsafe [matrix.handle.raw]
            var names: [UnsafePointer<CChar>?] = unsafe [name]
            return unsafe library.functions.booster_evaluate(
                handle.raw, Int32(clamping: round), &matrices, &names, 1, &text)
        }
        try library.check(status, "evaluate")
        let line = unsafe text.map { unsafe String(cString: $0) } ?? ""
        guard let number = line.split(separator: ":").last.flatMap({ Double($0) }) else {
            throw TrainerError(.library, "XGBoost's evaluation cannot be read: \(line)")
        }
        return number
    }

    /// The model of the first `rounds` rounds.
    package func prefix(rounds: Int) throws(TrainerError) -> XGBoostBooster {
        var raw: xgboost_handle?
        let status = unsafe library.functions.booster_slice(
            handle.raw, 0, Int32(clamping: rounds), 1, &raw)
        let prefix = unsafe XGBoostBooster(
            library, XGBoostHandle(raw, free: library.functions.booster_free))
        try library.check(status, "cut the model to \(rounds) rounds")
        return prefix
    }

    /// The model in the library's binary form (UBJSON).
    package func model() throws(TrainerError) -> [UInt8] {
        var count: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        let status = unsafe library.functions.booster_save(
            handle.raw, #"{"format":"ubj"}"#, &count, &bytes)
        try library.check(status, "write the model")
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
        return unsafe Array(buffer)
    }

    /// One prediction per row.
    package func predictions(_ rows: FeatureRows) throws(TrainerError) -> [Float] {
        if rows.rowCount == 0 { return [] }
        let config = #"""
            {"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,\#
            "cache_id":0,"missing":NaN}
            """#
        let values = arrayInterface(rows.values, shape: [rows.rowCount, rows.columnCount])
        var shape: UnsafePointer<UInt64>?
        var dimensions: UInt64 = 0
        var results: UnsafePointer<Float>?
        let status = unsafe library.functions.booster_predict_dense(
            handle.raw, values, config, nil, &shape, &dimensions, &results)
        withExtendedLifetime(rows) {}
        try library.check(status, "predict")
        guard dimensions == 1, unsafe shape?[0] == UInt64(rows.rowCount) else {
            throw TrainerError(.unsupported, "the model gives more than one number per row")
        }
        return unsafe Array(UnsafeBufferPointer(start: results, count: rows.rowCount))
    }

    /// The mean gain of the splits on each column that is split on, by the column's position.
    package func gains() throws(TrainerError) -> [Int: Double] {
        var (count, dimensions): (UInt64, UInt64) = (0, 0)
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var shape: UnsafePointer<UInt64>?
        var scores: UnsafePointer<Float>?
        let status = unsafe library.functions.booster_scores(
            handle.raw, #"{"importance_type":"gain"}"#, &count, &names, &dimensions, &shape,
            &scores)
        try library.check(status, "give the importance of features")
        var gains: [Int: Double] = [:]
        for index in 0..<Int(count) {
            guard let name = unsafe names?[index], let score = unsafe scores?[index] else {
                continue
            }
            if let column = unsafe Int(String(cString: name).dropFirst()) {
                gains[column] = Double(score)
            }
        }
        return gains
    }
}

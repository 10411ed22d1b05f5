import Definitions
import Values

extension TrainerSettings {
    /// Reads one setting and checks its range.
    mutating func set(_ setting: NumberSetting) throws(Diagnostic) {
        switch setting.name.value {
        case "rounds": rounds = try whole(setting, 1...100_000)
        case "early_stopping": earlyStopping = try whole(setting, 0...100_000)
        case "learning_rate": learningRate = try number(setting, 0, 1, excludingZero: true)
        case "depth": depth = try whole(setting, 1...30)
        case "min_child_weight": minChildWeight = try number(setting, 0, 1e9)
        case "subsample": subsample = try number(setting, 0, 1, excludingZero: true)
        case "column_share": columnShare = try number(setting, 0, 1, excludingZero: true)
        case "l2": l2 = try number(setting, 0, 1e9)
        case "bins": bins = try whole(setting, 2...65_536)
        case "seed": seed = try whole(setting, 0...Int(Int32.max))
        case "threads": threads = try whole(setting, 1...1024)
        default: throw setting.name.diagnostic("there is no setting `\(setting.name.value)`")
        }
    }

    private func whole(
        _ setting: NumberSetting, _ range: ClosedRange<Int>
    ) throws(Diagnostic) -> Int {
        if let number = Int(setting.text.value), range.contains(number) { return number }
        throw setting.text.diagnostic(
            "`\(setting.name.value)` must be a whole number, not `\(setting.text.value)`",
            hint: "write a number from \(range.lowerBound) to \(range.upperBound)")
    }

    private func number(
        _ setting: NumberSetting, _ low: Double, _ high: Double, excludingZero: Bool = false
    ) throws(Diagnostic) -> Double {
        if let number = Double(setting.text.value), number >= low, number <= high,
            !(excludingZero && number == 0)
        {
            return number
        }
        throw setting.text.diagnostic(
            "`\(setting.name.value)` cannot be `\(setting.text.value)`",
            hint: "write a number from \(low) to \(high)" + (excludingZero ? ", but not 0" : ""))
    }
}

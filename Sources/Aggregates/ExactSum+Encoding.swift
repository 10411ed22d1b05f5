extension ExactSum: Hashable {
    /// Whether both hold the same mathematical content, whatever path led there.
    public static func == (left: ExactSum, right: ExactSum) -> Bool {
        guard left.special == right.special else { return false }
        var difference = left
        difference.subtract(right)
        difference.spill()
        return difference.words.allSatisfy { $0 == 0 }
    }

    /// Feeds the content: equal sums hash alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(special)
        hasher.combine(rounded())
    }
}

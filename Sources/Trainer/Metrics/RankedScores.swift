/// Labels ordered by their scores, from the highest down, equal scores together.
///
/// The area under the ROC curve is the share of pairs (one true, one false row) that the score
/// puts in the right order, a tie counting half. Counted in whole numbers it is exact up to one
/// division. Average precision is the sum of precision times the gain in recall over the distinct
/// scores, with no interpolation. Both are as scikit-learn defines them.
struct RankedScores {
    /// How many true and false rows have one score.
    private struct Group {
        var positives = 0
        var negatives = 0
    }

    private let groups: [Group]
    private let positives: Int
    private let negatives: Int

    /// Ranks `scores`, none of which may be NaN. Complexity: O(n log n).
    init(labels: [Bool], scores: [Double]) {
        precondition(labels.count == scores.count)
        var groups: [Group] = []
        var previous: Double?
        for row in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
            if scores[row] != previous { groups.append(Group()) }
            previous = scores[row]
            if labels[row] {
                groups[groups.count - 1].positives += 1
            } else {
                groups[groups.count - 1].negatives += 1
            }
        }
        self.groups = groups
        positives = groups.reduce(0) { $0 + $1.positives }
        negatives = groups.reduce(0) { $0 + $1.negatives }
    }

    /// The area under the ROC curve; nil when only one class is there.
    var areaUnderROC: Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var halves = 0
        var below = negatives
        for group in groups {
            below -= group.negatives
            halves += group.positives * (2 * below + group.negatives)
        }
        return Double(halves) / (2 * Double(positives) * Double(negatives))
    }

    /// The average precision; nil when no row is true.
    var averagePrecision: Double? {
        guard positives > 0 else { return nil }
        var sum = CompensatedSum()
        var (found, seen) = (0, 0)
        for group in groups {
            found += group.positives
            seen += group.positives + group.negatives
            let gain = Double(group.positives) / Double(positives)
            sum.add(gain * (Double(found) / Double(seen)))
        }
        return sum.value
    }
}

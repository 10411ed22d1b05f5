public import Values

extension ColumnProfile {
    /// How many rows hold a value.
    public var values: Int64 { rows - nulls }

    /// The share of rows that are null; 0 without rows.
    public var nullShare: Double { rows == 0 ? 0 : Double(nulls) / Double(rows) }

    /// Whether values were looked at, if there are any; the first profiles of decimals only counted.
    private var knowsValues: Bool { values == 0 || distinct.count > 0 }

    /// About the value at which `millionths` of the finite numbers or times are reached.
    ///
    /// It lies in the bin of the histogram in which the exact one lies, so it is off by less than a
    /// bin: a 128th of the range at most, nothing for whole numbers of a small range. Nil without
    /// values, and of anything else. Complexity: O(bins).
    public func quantile(millionths: Int64) -> Scalar? {
        guard let histogram, histogram.total > 0 else { return nil }
        let product = Int128(histogram.total) * Int128(millionths)
        let rank = max(1, Int64((product + 999_999) / 1_000_000))
        var reached: Int64 = 0
        var bin = histogram.first
        for count in histogram.counts {
            if reached + count >= rank { break }
            reached += count
            bin += 1
        }
        return clamped(bin, histogram.scale)
    }

    /// The middle of a bin, within the bounds.
    private func clamped(_ bin: Int64, _ scale: Int) -> Scalar {
        switch (least, greatest) {
        case (.double(let low), .double(let high)):
            let middle = (Double(bin) + 0.5) * Double(sign: .plus, exponent: scale, significand: 1)
            return .double(min(max(middle, low), high))
        case (.decimal(let low), .decimal(let high)):
            let middle = (Double(bin) + 0.5) * Double(sign: .plus, exponent: scale, significand: 1)
            let nearest = Decimal128(
                rounding: middle, precision: Decimal128.greatestPrecision, scale: low.scale)
            return .decimal(min(max(nearest ?? low, low), high))
        case (.integer(let low), .integer(let high)):
            return .integer(min(max(bin.middle(of: scale), low), high))
        case (.timestamp(let low), .timestamp(let high)):
            return .timestamp(min(max(EventTime(microseconds: bin.middle(of: scale)), low), high))
        case (.date(let low), .date(let high)):
            let day = Int32(clamping: bin.middle(of: scale))
            return .date(min(max(day, low), high))
        default: return .null
        }
    }

    /// The share of values that would have to move for this profile to become `earlier`: from 0,
    /// the same spread, to 1, nothing in common. Nulls count as a value.
    ///
    /// Compares the values themselves while both profiles know them, else histograms in at most 32
    /// bins. Nil without rows, and of columns that have neither.
    public func moved(from earlier: ColumnProfile) -> Double? {
        guard rows > 0, earlier.rows > 0, field.type == earlier.field.type else { return nil }
        let own: [Scalar: Int64]
        let others: [Scalar: Int64]
        if let mine = distinct.sorted, let theirs = earlier.distinct.sorted,
            knowsValues, earlier.knowsValues
        {
            (own, others) = (mine.countsByText, theirs.countsByText)
        } else if let mine = histogram, let theirs = earlier.histogram, mine.total > 0,
            theirs.total > 0
        {
            let scale = mine.commonScale(with: theirs, bins: 32)
            own = mine.coarsened(to: scale).countsByBin
            others = theirs.coarsened(to: scale).countsByBin
        } else {
            return nil
        }
        var distance = abs(nullShare - earlier.nullShare)
        for value in Set(own.keys).union(others.keys) {
            let share = Double(own[value, default: 0]) / Double(rows)
            distance += abs(share - Double(others[value, default: 0]) / Double(earlier.rows))
        }
        return min(1, distance / 2)
    }
}

extension Int64 {
    /// The whole number in the middle of bin number `self` of width 2^`scale`.
    fileprivate func middle(of scale: Int) -> Int64 {
        let low = self << Int64(scale)
        return scale == 0 ? low : low + 1 << Int64(scale - 1)
    }
}

extension [DistinctValues.Entry] {
    /// A NaN is no key of a dictionary, its text is.
    fileprivate var countsByText: [Scalar: Int64] {
        var counts: [Scalar: Int64] = [:]
        for entry in self {
            if case .double(let number) = entry.value, number.isNaN {
                counts[.string("NaN")] = entry.count
            } else {
                counts[entry.value] = entry.count
            }
        }
        return counts
    }
}

extension AlignedHistogram {
    fileprivate var countsByBin: [Scalar: Int64] {
        var bins: [Scalar: Int64] = [:]
        for (index, count) in counts.enumerated() {
            bins[.integer(first + Int64(index))] = count
        }
        return bins
    }

    /// The least scale at which both together have at most `bins` bins.
    fileprivate func commonScale(with other: AlignedHistogram, bins: Int64) -> Int {
        var scale = max(self.scale, other.scale)
        while true {
            let (one, another) = (coarsened(to: scale), other.coarsened(to: scale))
            let low = min(one.first, another.first)
            let high = max(one.lastBin, another.lastBin)
            let distance = high.subtractingReportingOverflow(low)
            if !distance.overflow, distance.partialValue < bins { return scale }
            scale += 1
        }
    }

    private var lastBin: Int64 { first + (Int64(counts.count) - 1) }
}

/// The name among `candidates` that `name` was most likely meant to be.
///
/// Uses the Levenshtein distance over Unicode scalars; a candidate further away than a third of
/// the longer name (at least 1, at most 3 edits) is no guess, nor is one that has nothing in
/// common with it. Ties go to the first in sorted order.
/// Complexity: O(candidates x name length squared).
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates.sorted() {
        let longest = max(name.unicodeScalars.count, candidate.unicodeScalars.count)
        let distance = editDistance(Array(name.unicodeScalars), Array(candidate.unicodeScalars))
        guard distance < longest, distance <= min(3, max(1, longest / 3)),
            distance < best?.distance ?? .max
        else { continue }
        best = (candidate, distance)
    }
    return best?.name
}

private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var previous = Array(0...right.count)
    for (row, scalar) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            let substitution = previous[column] + (scalar == other ? 0 : 1)
            current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[right.count]
}

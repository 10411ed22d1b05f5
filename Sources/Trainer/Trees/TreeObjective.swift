import Glibc

/// How a sum of leaves becomes a prediction, in the library's own operations of single precision.
enum TreeObjective: Sendable {
    /// A probability.
    case logistic
    /// The sum itself.
    case identity

    init(named name: String) throws(TrainerError) {
        switch name {
        case "binary:logistic", "reg:logistic": self = .logistic
        case "binary:logitraw", "reg:squarederror": self = .identity
        default:
            throw TrainerError(
                .unsupported,
                "the model has the objective '\(name)', which flat trees do not "
                    + "implement", hint: "predict with the library")
        }
    }

    /// Where sums of leaves begin.
    func margin(ofBaseScore score: Float) -> Float {
        self == .identity ? score : -logf(1 / score - 1)
    }

    @inline(__always)
    func prediction(ofMargin margin: Float) -> Float {
        // The last term vanishes in single precision unless the sum is zero, which it never is.
        self == .logistic ? 1 / (expf(-margin) + 1 + 1e-16) : margin
    }
}

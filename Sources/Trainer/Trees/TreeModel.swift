/// What a model file says, as far as predicting with trees needs it.
///
/// Everything that would change a prediction and is not implemented here is refused by name, so
/// that a caller can let the library predict instead.
struct TreeModel {
    /// One tree: parallel arrays over its nodes, the root first.
    struct Tree {
        let left: [Int64]
        let right: [Int64]
        let features: [Int64]
        /// The threshold of a split, the value of a leaf.
        let conditions: [Float]
        let isLeftDefault: [Int64]

        var nodeCount: Int { left.count }
    }

    let objective: TreeObjective
    /// What predictions begin with, as a person would say it: a probability, a number.
    let baseScore: Float
    let featureCount: Int
    let trees: [Tree]

    /// Reads a model in XGBoost's binary form.
    ///
    /// - Throws: `corrupt` for a damaged file, `unsupported` for a model that needs more.
    init(_ bytes: [UInt8]) throws(TrainerError) {
        let root = try UBJReader.read(bytes)
        let learner = try member("learner", of: root)
        let parameters = try member("learner_model_param", of: learner)
        try refuse(parameters, "num_class", above: 1, "several classes")
        try refuse(parameters, "num_target", above: 1, "several targets")
        objective = try TreeObjective(
            named: text("name", of: member("objective", of: learner)))
        featureCount = try count("num_feature", of: parameters)
        baseScore = try Self.baseScore(text("base_score", of: parameters))
        let booster = try member("gradient_booster", of: learner)
        let kind = try text("name", of: booster)
        guard kind == "gbtree" else { throw unsupported("the booster '\(kind)'") }
        guard let trees = try member("trees", of: member("model", of: booster)).elements else {
            throw TrainerError(.corrupt, "the model's trees are no list")
        }
        var read: [Tree] = []
        for tree in trees { read.append(try Tree(tree)) }
        self.trees = read
    }

    /// A model of a sum of `trees`, each as a file holds it.
    init(trees: [UBJValue], columns: Int) throws(TrainerError) {
        objective = .identity
        baseScore = 0
        featureCount = columns
        var read: [Tree] = []
        for tree in trees { read.append(try Tree(tree)) }
        self.trees = read
    }

    private static func baseScore(_ text: String) throws(TrainerError) -> Float {
        let isList = text.hasPrefix("[") && text.hasSuffix("]")
        guard let score = Float(isList ? String(text.dropFirst().dropLast()) : text) else {
            throw unsupported("the base score '\(text)'")
        }
        return score
    }
}

extension TreeModel.Tree {
    fileprivate init(_ value: UBJValue) throws(TrainerError) {
        try refuse(
            try member("tree_param", of: value), "size_leaf_vector", above: 1, "leaves of vectors")
        left = try numbers("left_children", of: value)
        right = try numbers("right_children", of: value)
        features = try numbers("split_indices", of: value)
        isLeftDefault = try numbers("default_left", of: value)
        guard let conditions = try member("split_conditions", of: value).floats else {
            throw TrainerError(.corrupt, "the model's 'split_conditions' are no list of numbers")
        }
        self.conditions = conditions
        if value["split_type"] != nil {
            guard try numbers("split_type", of: value).allSatisfy({ $0 == 0 }) else {
                throw unsupported("splits by category")
            }
        }
        let counts = [right.count, features.count, isLeftDefault.count, conditions.count]
        guard nodeCount > 0, counts.allSatisfy({ $0 == nodeCount }) else {
            throw TrainerError(.corrupt, "a tree of the model has lists of different lengths")
        }
    }
}

private func unsupported(_ what: String) -> TrainerError {
    TrainerError(
        .unsupported, "the model has \(what), which flat trees do not implement",
        hint: "predict with the library")
}

private func member(_ name: String, of value: UBJValue) throws(TrainerError) -> UBJValue {
    guard let member = value[name] else {
        throw TrainerError(.corrupt, "the model has no '\(name)'")
    }
    return member
}

private func text(_ name: String, of value: UBJValue) throws(TrainerError) -> String {
    guard let text = try member(name, of: value).text else {
        throw TrainerError(.corrupt, "the model's '\(name)' is no text")
    }
    return text
}

private func numbers(_ name: String, of value: UBJValue) throws(TrainerError) -> [Int64] {
    guard let numbers = try member(name, of: value).wholeNumbers else {
        throw TrainerError(.corrupt, "the model's '\(name)' is no list of whole numbers")
    }
    return numbers
}

/// A count, which XGBoost writes as text.
private func count(_ name: String, of value: UBJValue) throws(TrainerError) -> Int {
    let text = try text(name, of: value)
    guard let count = Int(text), count >= 0 else {
        throw TrainerError(.corrupt, "the model's '\(name)' is '\(text)', not a count")
    }
    return count
}

/// Refuses a count above a limit; a count that is not there is fine.
private func refuse(
    _ value: UBJValue, _ name: String, above limit: Int, _ what: String
) throws(TrainerError) {
    if value[name] != nil, try count(name, of: value) > limit { throw unsupported(what) }
}

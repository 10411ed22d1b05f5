import Arguments
import Jobs
import Registry
import Trainer

extension Command {
    static let promote = Command(
        specification: CommandSpecification(
            name: "promote", summary: "Move an alias, such as production, to a model.",
            operands: [
                Operand("MODEL", "a digest or its beginning, a pipeline, or another alias"),
                Operand("ALIAS", "the name that it is asked by"),
            ],
            options: [projectOption, profileOption],
            example: "roost promote arrival_delay production")
    ) { arguments, console in
        let project = try arguments.appliedProject(console)
        let registry = try arguments.profile().openRegistry()
        let models = ModelStore(folder: project.folder)
        let (name, alias) = (arguments.operands[0], arguments.operands[1])
        try checkAlias(alias, models)
        let package = try models.package(named: registry.alias(name)?.description ?? name)
        // What serving would refuse is not promoted.
        try package.check(against: project.service(named: package.service))
        try arguments.record(package, at: models.path(of: package))
        let before = try registry.alias(alias)
        guard before?.description != package.digest else {
            throw JobError(
                .nothingToDo, "'\(alias)' is on the model \(package.shortDigest) already")
        }
        guard let identity = RecordIdentity(parsing: package.digest) else {
            throw JobError(.failure, "the model \(package.digest) has no digest")
        }
        let move = try registry.moveAlias(
            alias, to: identity, expecting: .some(before), at: Machine.now)
        return outcome(move, from: before, console)
    }

    static let rollback = Command(
        specification: CommandSpecification(
            name: "rollback", summary: "Move an alias back to the model it was on before.",
            operands: [Operand("ALIAS", "the alias")], options: [projectOption, profileOption],
            example: "roost rollback production")
    ) { arguments, console in
        let alias = arguments.operands[0]
        guard let registry = try arguments.profile().openExistingRegistry() else {
            throw JobError(
                .usage, "there is no alias '\(alias)'", hint: "'roost promote' makes one")
        }
        let before = try registry.alias(alias)
        let move = try registry.rollBackAlias(alias, at: Machine.now)
        return outcome(move, from: before, console)
    }

    private static func outcome(
        _ move: AliasMove, from before: RecordIdentity?, _ console: Console
    ) -> Outcome {
        let short = { (identity: RecordIdentity) in String(identity.description.prefix(12)) }
        let origin = before.map { " from \(short($0))" } ?? ""
        return Outcome(
            lines: [
                console.bold("\(move.alias): \(short(move.package))\(origin), move \(move.number)"),
                "a server that runs follows on SIGHUP",
            ],
            members: [
                JSONMember(name: "alias", value: .string(move.alias)),
                JSONMember(name: "model", value: .string(move.package.description)),
                JSONMember(name: "before", value: .optional(before?.description)),
                JSONMember(name: "move", value: .count(move.number)),
            ])
    }

    /// Refuses a name that could be taken for something else.
    private static func checkAlias(_ alias: String, _ models: ModelStore) throws {
        let isPlain =
            alias.first?.isLetter == true
            && alias.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        guard isPlain else {
            throw JobError(
                .usage, "'\(alias)' cannot be an alias",
                hint: "begin with a letter; letters, digits, '_', '-' and '.' may follow")
        }
        guard try models.latest(of: alias) == nil else {
            throw JobError(
                .usage, "'\(alias)' is a pipeline, whose last model that name means",
                hint: "choose another alias, such as production")
        }
    }
}

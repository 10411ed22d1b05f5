import DefinitionFiles
import Definitions
import Planning
import Testing
import Values

@Suite("A pipeline that trains")
struct TrainingDefinitionTests {
    @Test("is compiled with its defaults")
    func compiles() throws {
        let training = try #require(try plan(ShopProject.pipeline).training)
        #expect(training.label == Field(name: "returned", type: .bool))
        #expect(
            training.inputs.map(\.field.name) == [
                "basket", "spending__spent", "spending__orders", "big", "share",
            ])
        #expect(training.inputs.map(\.isHistoric) == [false, true, true, false, true])
        #expect(training.split.embargo == .days(2))
        #expect(training.trainer.objective == .logistic)
        #expect(training.trainer.depth == 4 && training.trainer.bins == 256)
    }

    @Test("needs none of it")
    func rowsOnly() throws {
        let text = ShopProject.pipeline
        let start = try #require(text.firstRange(of: "label:")).lowerBound
        #expect(try plan(String(text[..<start])).training == nil)
    }

    @Test(
        "is refused where it cannot be trained",
        arguments: [
            ("label: returned", "label: retuned", "has no column `retuned` to predict"),
            ("label: returned", "label: note", "the label `note` is a string"),
            ("label: returned", "label: basket", "is request data of `returns`"),
            ("label: returned\n", "", "a pipeline has no `label`"),
            (
                "    - spending__last_at", "    - spending__lst_at",
                "did you mean `spending__last_at`"
            ),
            (
                "    - spending__last_at", "    - big",
                "`spending__last_at` of `returns` is a timestamp"
            ),
            ("  exclude:", "  excluded:", "the features of a pipeline has no key `excluded`"),
            ("2024-03-16]", "2024-02-01]", "not after its start"),
            ("validate: [2024-03-01", "validate: [2024-02-01", "is before the end of `train`"),
            ("[2024-01-01, 2024-03-01]", "2024-01-01", "`train` must be a list"),
            ("[2024-01-01, 2024-03-01]", "[2024-01-01]", "must hold two times, not 1"),
            ("2024-01-01,", "2024-01-01T10:00:00,", "names no zone"),
            ("2024-01-01,", "yesterday,", "expected a time, found `yesterday`"),
            ("embargo: 2d", "embargo: 2 days", "expected a duration such as `6h`"),
            ("kind: xgboost", "kind: forest", "there is no trainer `forest`"),
            ("depth: 4", "depht: 4", "a trainer has no key `depht`"),
            ("depth: 4", "depth: 4.5", "must be a whole number, not `4.5`"),
            ("depth: 4", "depth: 99", "write a number from 1 to 30"),
            ("depth: 4", "learning_rate: 0", "but not 0"),
            ("depth: 4", "learning_rate: nan", "cannot be `nan`"),
            ("depth: 4", "objective: binary:logistics", "did you mean `binary:logistic`?"),
        ])
    func refuses(_ old: String, _ new: String, _ message: String) throws {
        let found = try refusal(ShopProject.pipeline.replacing(old, with: new))
        #expect(found.contains(message), "\(found)")
    }

    private func plan(_ text: String) throws -> PipelinePlan {
        var loader = DefinitionLoader()
        return try compile(text, &loader)
    }

    private func refusal(_ text: String) throws -> String {
        var loader = DefinitionLoader()
        do throws(Diagnostics) {
            _ = try compile(text, &loader)
            return "accepted"
        } catch {
            return error.rendered(from: loader.files)
        }
    }

    private func compile(
        _ text: String, _ loader: inout DefinitionLoader
    ) throws(Diagnostics) -> PipelinePlan {
        let bytes = Array(ShopProject.definitions.utf8)
        let project = try ProjectPlan.compile(loader.project(files: [("shop.yaml", bytes)]))
        return try project.compile(loader.pipeline(path: "p.yaml", bytes: Array(text.utf8)))
    }
}

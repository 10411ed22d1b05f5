import Testing
import Values

@testable import Aggregates

@Suite("Aggregate functions")
struct AggregateFunctionTests {
    @Test("every name makes the function of that name")
    func names() {
        for name in AggregateFunction.allNames {
            #expect(AggregateFunction(name: name)?.description == name)
        }
        #expect(AggregateFunction(name: "average") == nil)
        #expect(AggregateFunction(name: "Sum") == nil)
    }

    @Test("only first and last take a length, and only a sensible one")
    func lengths() {
        #expect(AggregateFunction(name: "last", length: 5) == .lastValues(5))
        #expect(AggregateFunction(name: "first", length: 1)?.description == "first[1]")
        #expect(AggregateFunction(name: "last", length: 0) == nil)
        #expect(AggregateFunction(name: "last", length: 10_001) == nil)
        #expect(AggregateFunction(name: "sum", length: 2) == nil)
        #expect(
            AggregateFunction.allNames.filter(AggregateFunction.takesLength) == ["first", "last"])
    }

    @Test(
        "results have the types of the agreement",
        arguments: [
            (.count, nil, .int64), (.count, .string, .int64), (.count, .timestamp, .int64),
            (.sum, .int32, .int64), (.sum, .int64, .int64), (.sum, .float, .double),
            (.sum, .double, .double), (.mean, .int64, .double), (.variance, .float, .double),
            (.stddev, .int32, .double), (.min, .float, .float), (.max, .string, .string),
            (.first, .bool, .bool), (.last, .date, .date), (.min, .bytes, .bytes),
            (.lastValues(3), .int32, .list(.int32)), (.firstValues(3), .bool, .list(.bool)),
        ] as [(AggregateFunction, DataType?, DataType)])
    func resultTypes(function: AggregateFunction, input: DataType?, result: DataType) throws {
        #expect(try function.resultType(of: input) == result)
    }

    @Test(
        "arguments that have no meaning are refused with a remedy",
        arguments: [
            (.sum, .bool, "write count() where x"), (.count, .bool, "write count() where x"),
            (.mean, .bool, "write mean(if(x, 1, 0))"), (.sum, nil, "write sum(x)"),
            (.max, .duration, "divide it first: max((a - b) / minutes(1))"),
            (.last, .list(.int64), "aggregate a column of single values"),
            (.count, .null, "name a column"), (.sum, .string, nil), (.mean, .timestamp, nil),
        ] as [(AggregateFunction, DataType?, String?)])
    func refusals(function: AggregateFunction, input: DataType?, hint: String?) {
        let error = #expect(throws: AggregateError.self) { try function.resultType(of: input) }
        #expect(error?.code == .unsuitableArgument)
        #expect(error?.hint == hint)
        #expect(throws: AggregateError.self) { try Partial(function, inputType: input) }
    }
}

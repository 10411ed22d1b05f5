import Testing
import Values

@testable import Aggregates

@Suite("Aggregate functions")
struct AggregateFunctionTests {
    @Test("every name makes the function of that name, unless it needs a constant")
    func names() {
        for name in AggregateFunction.allNames {
            let needsConstant = AggregateFunction.requiresParameter(name: name)
            #expect(AggregateFunction(name: name)?.description == (needsConstant ? nil : name))
        }
        #expect(
            AggregateFunction.allNames.filter(AggregateFunction.requiresParameter)
                == ["distinct_exact", "quantile", "top", "histogram", "decayed_sum"])
        #expect(AggregateFunction(name: "average") == nil)
        #expect(AggregateFunction(name: "Sum") == nil)
    }

    @Test("first, last and top take a length, and only a sensible one")
    func lengths() {
        #expect(AggregateFunction(name: "last", length: 5) == .lastValues(5))
        #expect(AggregateFunction(name: "first", length: 1)?.description == "first[1]")
        #expect(AggregateFunction(name: "top", length: 7) == .top(7))
        #expect(AggregateFunction(name: "last", length: 0) == nil)
        #expect(AggregateFunction(name: "last", length: 10_001) == nil)
        #expect(AggregateFunction(name: "sum", length: 2) == nil)
        #expect(
            AggregateFunction.allNames.filter { AggregateFunction.parameter(ofName: $0) == .length }
                == ["first", "last", "top"])
    }

    @Test("shares are exact in millionths, and ranks are those of the inverse distribution")
    func quantiles() {
        #expect(Quantile(0.95)?.millionths == 950_000)
        #expect(Quantile(0.999999)?.description == "0.999999")
        #expect(Quantile(0)?.description == "0.0")
        #expect(Quantile(1)?.description == "1.0")
        #expect(Quantile(0.07)?.description == "0.07")
        #expect(Quantile(0.000_000_5) == nil)
        #expect(Quantile(1.5) == nil)
        #expect(Quantile(-0.1) == nil)
        #expect(Quantile(.nan) == nil)
        #expect([1, 2, 3, 10, 20].map { quantile(0.95).rank(of: $0) } == [1, 2, 3, 10, 19])
        #expect([1, 2, 3, 4].map { quantile(0.5).rank(of: $0) } == [1, 1, 2, 2])
        #expect(quantile(0).rank(of: 9) == 1)
        #expect(quantile(1).rank(of: .max) == .max)
    }

    @Test("edges ascend, are finite, and there is at least one")
    func histogramEdges() {
        #expect(HistogramEdges([]) == nil)
        #expect(HistogramEdges([1, 1]) == nil)
        #expect(HistogramEdges([2, 1]) == nil)
        #expect(HistogramEdges([0, .infinity]) == nil)
        #expect(HistogramEdges([.nan]) == nil)
        #expect(HistogramEdges([-0.0]) == nil)
        #expect(HistogramEdges(Array(repeating: 0, count: 1001)) == nil)
        let edges = edges([-1, 0, 2.5])
        #expect([-2, -1, -0.5, 0, 2.4, 2.5, .nan].map(edges.bin) == [0, 1, 1, 2, 2, 3, 3])
        #expect([-.infinity, .infinity].map(edges.bin) == [0, 3])
    }

    @Test(
        "the canonical text holds the constant",
        arguments: [
            (.distinctExact(cap: 10), "distinct_exact[10]"), (.distinct, "distinct"),
            (.quantile(quantile(0.5)), "quantile[0.5]"), (.top(3), "top[3]"),
            (.histogram(edges([0, 1e9])), "histogram[[0.0, 1000000000.0]]"),
            (.decayedSum(halfLife: .minutes(60)), "decayed_sum[1h]"),
        ] as [(AggregateFunction, String)])
    func descriptions(function: AggregateFunction, text: String) {
        #expect(function.description == text)
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
            (.top(2), .date, .list(.date)), (.distinct, .bytes, .int64),
            (.distinctExact(cap: 1), .bool, .int64), (.quantile(quantile(0.5)), .int32, .double),
            (.histogram(edges([0])), .float, .list(.int64)),
            (.decayedSum(halfLife: .seconds(1)), .int64, .double),
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
            (.quantile(quantile(0.5)), .bool, "write quantile(if(x, 1, 0), 0.95)"),
            (.top(3), .list(.int64), "aggregate a column of single values"),
            (.histogram(edges([0])), .string, nil), (.distinct, nil, "write distinct(x)"),
            (.distinctExact(cap: 9), nil, "write distinct_exact(x, 1000)"),
            (.decayedSum(halfLife: .seconds(1)), .timestamp, nil),
            (.count, .null, "name a column"), (.sum, .string, nil), (.mean, .timestamp, nil),
        ] as [(AggregateFunction, DataType?, String?)])
    func refusals(function: AggregateFunction, input: DataType?, hint: String?) {
        let error = #expect(throws: AggregateError.self) { try function.resultType(of: input) }
        #expect(error?.code == .unsuitableArgument)
        #expect(error?.hint == hint)
        #expect(throws: AggregateError.self) { try Partial(function, inputType: input) }
    }
}

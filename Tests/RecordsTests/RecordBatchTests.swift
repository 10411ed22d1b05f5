import Records
import Testing

@Suite("Record batches")
struct RecordBatchTests {
    @Test("keep keys, values and the headers that are wanted")
    func appending() {
        var batch = RecordBatch(partition: 3, headerNames: ["tenant"])
        let (key, value): ([UInt8], [UInt8]) = ([1], [2, 3])
        batch.append(
            offset: 5, timestamp: 7, key: key.span, value: value.span,
            headers: [("tenant", [8]), ("other", [9])])
        batch.append(offset: 9, timestamp: nil, key: nil, value: nil)
        #expect(batch.offsets == [5, 9])
        #expect(batch.timestamps == [7, nil])
        #expect(batch.key(at: 0) == [1] && batch.value(at: 0) == [2, 3])
        #expect(batch.key(at: 1) == nil && batch.value(at: 1) == nil)
        #expect(batch.header("tenant", at: 0) == [8] && batch.header("other", at: 0) == nil)
        #expect(batch.header("tenant", at: 1) == nil)
    }
}

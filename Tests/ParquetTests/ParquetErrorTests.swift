import Glibc
import Testing

@testable import Parquet

@Suite("Errors of Parquet files")
struct ParquetErrorTests {
    @Test("tell a full disk, where another try may help, from other refusals")
    func fullDisk() {
        #expect(ParquetError.writing("a", errorNumber: ENOSPC).code == .noRoom)
        #expect(ParquetError.writing("a", errorNumber: EDQUOT).code == .noRoom)
        #expect(ParquetError.writing("a", errorNumber: EROFS).code == .io)
        let message = ParquetError.writing("a", errorNumber: ENOSPC).inFile("f").message
        #expect(message.hasPrefix("f: a: ") && message.contains("make room"))
    }
}

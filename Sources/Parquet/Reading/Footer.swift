/// The footer of a file: its bytes and where they begin.
struct Footer {
    let bytes: ByteRegion
    let start: Int

    /// Finds the footer: the file ends with its size in 4 bytes and the magic number.
    init(of file: InputFile) throws(ParquetError) {
        guard file.size >= 12 else {
            throw ParquetError(.notParquet, "\(file.size) bytes are too few for a Parquet file")
        }
        let head = try file.read(at: 0, count: 4).array
        let tail = try file.read(at: file.size - 8, count: 8)
        let magic = Array(tail.array[4...])
        guard magic != Array("PARE".utf8) else {
            throw .unsupported("its footer is encrypted; write it without encryption")
        }
        guard head == Array("PAR1".utf8) else {
            throw ParquetError(.notParquet, "it does not begin with the Parquet magic number")
        }
        guard magic == head else {
            throw .truncated("it begins as a Parquet file and does not end as one")
        }
        let size = Int(try tail.unsigned32(at: 0))
        guard size <= file.size - 12 else {
            throw .corrupt("a footer of \(size) bytes in a file of \(file.size)")
        }
        start = file.size - 8 - size
        bytes = try file.read(at: start, count: size)
    }
}

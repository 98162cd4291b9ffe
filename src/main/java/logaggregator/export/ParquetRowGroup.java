package logaggregator.export;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Rows in memory, encoded and compressed by columns; each has a value for each column, in the schema's order. */
final class ParquetRowGroup {

    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore columns;
    private final List<ColumnWriter> writers;
    private int column;
    private int count;

    ParquetRowGroup(MessageType schema, ParquetProperties properties) {
        pages = new ColumnChunkPageWriteStore(
                new GzipPages(), schema, properties.getAllocator(), properties.getColumnIndexTruncateLength());
        columns = properties.newColumnWriteStore(schema, pages, pages);
        writers = schema.getColumns().stream().map(columns::getColumnWriter).toList();
    }

    void add(long value) {
        next().write(value, 0, 0);
    }

    void add(int value) {
        next().write(value, 0, 0);
    }

    void add(String value) {
        next().write(Binary.fromString(value), 0, 0);
    }

    void addOptional(@Nullable String value) {
        if (value == null) {
            next().writeNull(0, 0);
        } else {
            next().write(Binary.fromString(value), 0, 1);
        }
    }

    private ColumnWriter next() {
        return writers.get(column++);
    }

    void endRow() {
        columns.endRecord();
        column = 0;
        count++;
    }

    int count() {
        return count;
    }

    /** What it holds in memory. */
    long bytes() {
        return columns.getBufferedSize();
    }

    /** Ends it: nothing can be added then. */
    void writeTo(ParquetFileWriter file) throws IOException {
        file.startBlock(count);
        columns.flush();
        pages.flushToFileWriter(file);
        file.endBlock();
    }
}

package logaggregator.export;

import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import logaggregator.store.StoredLog;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * Columns for analysis (Apache Parquet). Row groups are small, since one is in memory; of those before only the places of
 * their pages and their smallest and largest values are kept, for the end of the file.
 */
final class ParquetLogWriter implements LogWriter {

    private static final int ROW_GROUP_BYTES = 8 << 20;
    private static final int ROW_GROUP_LOGS = 100_000;

    /** Where matches are rare: somebody on the way may give up, and a client that is gone isn't noticed before. */
    private static final long ROW_GROUP_NANOS = TimeUnit.SECONDS.toNanos(10);

    static final MessageType SCHEMA = Types.buildMessage()
            .required(INT64)
            .named("id")
            .required(INT64)
            .as(timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS))
            .named("timestamp")
            .required(BINARY)
            .as(stringType())
            .named("level")
            .required(BINARY)
            .as(stringType())
            .named("app")
            .required(BINARY)
            .as(stringType())
            .named("service")
            .required(BINARY)
            .as(stringType())
            .named("message")
            .optional(BINARY)
            .as(jsonType())
            .named("metadata_")
            .required(INT32)
            .named("app_id")
            .required(INT64)
            .as(timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS))
            .named("received_at")
            .named("log");

    /**
     * Bounds what is in memory: by default a page's size is looked at after 100 rows only, which may have 25 MB. Of long texts
     * the smallest and largest would be kept.
     */
    private static final ParquetProperties PROPERTIES = ParquetProperties.builder()
            .withPageSize(1 << 20)
            .withDictionaryPageSize(256 << 10)
            .withDictionaryEncoding("id", false)
            .withDictionaryEncoding("timestamp", false)
            .withMinRowCountForPageSizeCheck(10)
            .withStatisticsEnabled("message", false)
            .withStatisticsEnabled("metadata_", false)
            .build();

    private final ParquetFileWriter file;
    private ParquetRowGroup rows = new ParquetRowGroup(SCHEMA, PROPERTIES);
    private long begun = System.nanoTime();

    ParquetLogWriter(OutputStream output) throws IOException {
        file = new ParquetFileWriter(
                new ForwardOutputFile(output),
                SCHEMA,
                ParquetFileWriter.Mode.CREATE,
                ROW_GROUP_BYTES,
                0,
                PROPERTIES.getColumnIndexTruncateLength(),
                PROPERTIES.getStatisticsTruncateLength(),
                PROPERTIES.getPageWriteChecksumEnabled());
        file.start();
    }

    @Override
    public void write(StoredLog log) throws IOException {
        rows.add(log.id());
        rows.add(micros(log.timestamp()));
        rows.add(log.level());
        rows.add(log.app());
        rows.add(log.service());
        rows.add(log.message());
        rows.addOptional(log.metadata());
        rows.add(log.appId());
        rows.add(micros(log.receivedAt()));
        rows.endRow();
        if (rows.count() == ROW_GROUP_LOGS
                || rows.bytes() >= ROW_GROUP_BYTES
                || System.nanoTime() - begun > ROW_GROUP_NANOS) {
            rows.writeTo(file);
            rows = new ParquetRowGroup(SCHEMA, PROPERTIES);
            begun = System.nanoTime();
        }
    }

    @Override
    public void end() throws IOException {
        if (rows.count() > 0) {
            rows.writeTo(file);
        }
        file.end(Map.of());
    }

    private static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1_000);
    }
}

package logaggregator.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** What every reader understands and the JDK has. Fast: an export holds a connection to the database as long as it runs. */
final class GzipPages implements BytesInputCompressor {

    @Override
    public BytesInput compress(BytesInput page) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new FastGzip(compressed)) {
            page.writeAllTo(gzip);
        }
        return BytesInput.from(compressed);
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.GZIP;
    }

    @Override
    public void release() {}

    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream output) throws IOException {
            super(output);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}

package logaggregator.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** A Parquet file, read by the library's own reader; its checksums are checked. */
final class ParquetBytes {

    final MessageType schema;
    final List<Group> rows = new ArrayList<>();
    final int rowGroups;

    ParquetBytes(byte[] file) throws IOException {
        ParquetReadOptions options = new ParquetReadOptions.Builder(new PlainParquetConfiguration())
                .withCodecFactory(new GzipCodec())
                .usePageChecksumVerification()
                .build();
        try (ParquetFileReader reader = new ParquetFileReader(new BytesFile(file), options)) {
            schema = reader.getFileMetaData().getSchema();
            rowGroups = reader.getRowGroups().size();
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long n = 0; n < pages.getRowCount(); n++) {
                    rows.add(records.read());
                }
            }
        }
    }

    private record BytesFile(byte[] bytes) implements InputFile {

        @Override
        public long getLength() {
            return bytes.length;
        }

        @Override
        public SeekableInputStream newStream() {
            ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
            return new DelegatingSeekableInputStream(stream) {
                @Override
                public long getPos() {
                    return bytes.length - stream.available();
                }

                @Override
                public void seek(long position) {
                    stream.reset();
                    stream.skip(position);
                }
            };
        }
    }

    private static final class GzipCodec
            implements CompressionCodecFactory, CompressionCodecFactory.BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput page, int size) throws IOException {
            return BytesInput.from(new GZIPInputStream(page.toInputStream()).readAllBytes());
        }

        @Override
        public void decompress(ByteBuffer page, int compressed, ByteBuffer output, int size) throws IOException {
            output.put(decompress(BytesInput.from(page), size).toByteArray());
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            return this;
        }

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }
}

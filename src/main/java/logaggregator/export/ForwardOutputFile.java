package logaggregator.export;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A file that is only ever appended to: any stream. Closing it leaves the stream open. */
final class ForwardOutputFile implements OutputFile {

    private final OutputStream output;

    ForwardOutputFile(OutputStream output) {
        this.output = output;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return new Counting();
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    private final class Counting extends PositionOutputStream {

        private long position;

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            output.write(value);
            position++;
        }

        @Override
        public void write(byte[] values, int offset, int length) throws IOException {
            output.write(values, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            output.flush();
        }
    }
}

package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Rejection;
import logaggregator.ingest.Chunker;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.ingest.RejectedRecordException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decodes the body of a request: a JSON array, one object, or NDJSON; which of them the first characters tell. A bad
 * record is rejected alone; a bad array as a whole, since nobody knows where its next record begins. Thread-safe.
 */
@Component
public class JsonBodyDecoder {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final IngestLimits limits;
    private final JsonRecordDecoder recordDecoder;
    private final Clock clock;

    public JsonBodyDecoder(IngestLimits limits, JsonRecordDecoder recordDecoder, Clock clock) {
        this.limits = limits;
        this.recordDecoder = recordDecoder;
        this.clock = clock;
    }

    /**
     * Decodes a body whose records may be accepted one by one. Under a key the refused ones are in the chunks as well: they
     * are to become dead letters, and their rejections name their chunk.
     *
     * @param body null when there is none
     * @param strict as in the query: absent (null) or {@code false}; anything else accepts all records or none
     * @param idempotencyKey the producer's name for this request: sent again under it, it is stored once; or null
     * @throws InvalidBodyException when no record can be accepted
     */
    public Batch decode(byte @Nullable [] body, @Nullable String strict, @Nullable String idempotencyKey) {
        if (body == null) {
            throw emptyBody();
        }
        if (Utf8.isOtherUnicode(body)) {
            throw invalidUtf8();
        }
        Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Request request = new Request(body, receivedAt, idempotencyKey);
        int start = Lines.skipBlanks(body, startsWithByteOrderMark(body) ? BYTE_ORDER_MARK.length : 0, body.length);
        if (start == body.length) {
            throw emptyBody();
        }
        if (isScalar(body, start)) {
            throw new InvalidBodyException(
                    400,
                    "invalid_shape",
                    "the body must be a JSON array of records, one record, or one record per line");
        }
        if (body[start] == '[') {
            request.readArray(start);
        } else if (isMultilineObject(body, start)) {
            request.readObject(start);
        } else {
            request.readLines(start);
        }
        return request.toBatch(strict != null && !strict.equals("false"));
    }

    private static InvalidBodyException emptyBody() {
        return new InvalidBodyException(400, "empty_body", "the body is empty: send at least one record");
    }

    private static InvalidBodyException invalidUtf8() {
        return new InvalidBodyException(400, "invalid_utf8", "the body is not valid UTF-8");
    }

    private static boolean startsWithByteOrderMark(byte[] body) {
        return body.length >= BYTE_ORDER_MARK.length
                && body[0] == BYTE_ORDER_MARK[0]
                && body[1] == BYTE_ORDER_MARK[1]
                && body[2] == BYTE_ORDER_MARK[2];
    }

    /** One pretty-printed object: no line of it is JSON, all of it is. */
    private static boolean isMultilineObject(byte[] body, int start) {
        Lines lines = new Lines(body, start);
        lines.next();
        return !isJson(body, lines.start(), lines.end()) && isJson(body, start, body.length);
    }

    private static boolean isScalar(byte[] body, int start) {
        return body[start] != '[' && body[start] != '{' && isJson(body, start, body.length);
    }

    private static boolean isJson(byte[] body, int from, int to) {
        if (!Utf8.isValid(body, from, to)) {
            return false;
        }
        try (JsonParser parser = JsonRecordDecoder.JSON.createParser(body, from, to - from)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** What is known of one request so far. */
    private final class Request {

        private final byte[] body;
        private final Instant receivedAt;
        private final Chunker chunker;
        private final List<Rejection> rejections = new ArrayList<>();
        private int index;

        Request(byte[] body, Instant receivedAt, @Nullable String idempotencyKey) {
            this.body = body;
            this.receivedAt = receivedAt;
            this.chunker = new Chunker(limits.recordsPerEntry(), receivedAt, idempotencyKey);
        }

        void readLines(int start) {
            try (RecordSequence records = new RecordSequence(recordDecoder, body)) {
                for (Lines lines = new Lines(body, start); lines.next(); ) {
                    readRecord(records, lines.start(), lines.end());
                }
            }
        }

        /** Reads the body as one record. */
        void readObject(int start) {
            try (RecordSequence records = new RecordSequence(recordDecoder, body)) {
                readRecord(records, start, body.length);
            }
        }

        private void readRecord(RecordSequence records, int from, int to) {
            try {
                chunker.add(records.decode(from, to, index, receivedAt), body, from, to);
            } catch (RejectedRecordException e) {
                reject(e, body, from, to);
            }
            countRecord();
        }

        void readArray(int start) {
            if (!Utf8.isValid(body, start, body.length)) {
                throw invalidUtf8();
            }
            if (StorableText.lengthWithEscapedNul(body) > limits.maxBodyBytes()) {
                throw new InvalidBodyException(
                        413,
                        "body_too_large",
                        "with its NUL characters escaped the body is larger than " + limits.maxBodyBytes()
                                + " bytes (MAX_BODY_BYTES)");
            }
            byte[] sent = StorableText.escapeNul(body);
            byte[] replaced = StorableText.replace(sent, 0, sent.length);
            byte[] text = replaced == null ? sent : replaced;
            try (JsonParser parser = JsonRecordDecoder.JSON.createParser(text, start, text.length - start)) {
                parser.nextToken();
                RecordReader reader = new RecordReader(parser, text, start);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    readElement(parser, reader, sent, text);
                }
                if (parser.nextToken() != null) {
                    throw new InvalidBodyException(400, "invalid_json", "something follows the JSON array");
                }
            } catch (JsonProcessingException e) {
                throw new InvalidBodyException(400, JsonErrors.reason(e), JsonErrors.describe(e, start));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What is accepted goes on as {@code sent}; what is read is {@code text}, of the same length. */
        private void readElement(JsonParser parser, RecordReader reader, byte[] sent, byte[] text) throws IOException {
            int from = reader.tokenStart();
            try {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    parser.skipChildren();
                    parser.finishToken(); // only then its end is known
                    throw new RejectedRecordException("not_an_object", null, "the record is not a JSON object");
                }
                RecordFields fields = reader.read();
                int to = reader.tokenEnd();
                fields.sanitized = text != sent && !Arrays.equals(text, from, to, sent, from, to);
                chunker.add(fields.toEntry(index, receivedAt, limits), sent, from, to);
            } catch (UnreadableRecordException e) {
                throw new InvalidBodyException(400, e.reason(), String.valueOf(e.getMessage()));
            } catch (RejectedRecordException e) {
                reject(e, sent, from, reader.tokenEnd());
            }
            countRecord();
        }

        private void reject(RejectedRecordException e, byte[] sent, int from, int to) {
            rejections.add(e.at(index));
            chunker.refuse(index, sent, from, to);
        }

        private void countRecord() {
            index++;
            if (index > limits.maxRecords()) {
                throw new InvalidBodyException(
                        413,
                        "too_many_records",
                        "a request may carry " + limits.maxRecords() + " records (MAX_RECORDS)");
            }
        }

        private String noneIsValid() {
            boolean lines = index > 1 && rejections.get(0).reason().equals("invalid_json");
            return lines ? "no record is valid: each line must hold one record" : "no record is valid";
        }

        Batch toBatch(boolean strict) {
            List<Chunk> chunks = chunker.chunks();
            if (index == 0) {
                throw new InvalidBodyException(400, "empty_payload", "Empty payload: the array holds no record");
            }
            if (chunks.stream().allMatch(chunk -> chunk.entries().isEmpty())) {
                throw new InvalidBodyException(400, "no_valid_record", noneIsValid(), rejections);
            }
            if (strict && !rejections.isEmpty()) {
                throw new InvalidBodyException(
                        400, "invalid_record", "strict: one record is invalid, none was accepted", rejections);
            }
            return Batch.of(chunks, withCarriers(chunks));
        }

        private List<Rejection> withCarriers(List<Chunk> chunks) {
            Map<Integer, Chunk> carriers = new HashMap<>();
            chunks.forEach(chunk -> chunk.refused().forEach(place -> carriers.put(place, chunk)));
            return rejections.stream()
                    .map(rejection -> {
                        Chunk carrier = carriers.get(rejection.index());
                        return carrier == null ? rejection : rejection.in(carrier);
                    })
                    .toList();
        }
    }
}

package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.badinput.BadInput.APP;
import static logaggregator.badinput.BadInput.GOOD;
import static logaggregator.badinput.BadInput.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import logaggregator.support.Api.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are too large, compressed or labelled in some way, or sent twice: rows 51 to 59. */
@ExtendWith(Door.class)
class BadRequestsIT {

    private static final int MAX_BODY_BYTES = 16 << 20;

    private static Stream<BadInput> sizes() {
        String tooMany = "[" + (GOOD + ",").repeat(50_000) + GOOD + "]";
        return Stream.of(
                row(52, "an array of too many records", tooMany).refused(413, "too_many_records"),
                row(52, "too many lines", (GOOD + "\n").repeat(50_001)).refused(413, "too_many_records"),
                row(53, "one byte too many", GOOD + " ".repeat(MAX_BODY_BYTES)).refused(413, "body_too_large"));
    }

    private static Stream<BadInput> compressed() {
        byte[] good = gzip(GOOD.replace(APP, "bad-gzip").getBytes(UTF_8));
        byte[] wrongSum = good.clone();
        wrongSum[good.length - 8] ^= 1;
        byte[] wrongLength = good.clone();
        wrongLength[good.length - 1] ^= 1;
        byte[] garbage = Arrays.copyOf(good, good.length + 3);
        return Stream.of(
                        row(55, "truncated", Arrays.copyOf(good, good.length - 9))
                                .refused(400, "invalid_gzip"),
                        row(55, "without its end", Arrays.copyOf(good, good.length - 1))
                                .refused(400, "invalid_gzip"),
                        row(55, "not gzip", GOOD).refused(400, "invalid_gzip"),
                        row(55, "one byte", "\u001F").refused(400, "invalid_gzip"),
                        row(55, "wrong checksum", wrongSum).refused(400, "invalid_gzip"),
                        row(55, "wrong length", wrongLength).refused(400, "invalid_gzip"),
                        row(55, "garbage at the end", garbage).refused(400, "invalid_gzip"),
                        row(55, "nothing", gzip(new byte[0])).refused(400, "empty_body"),
                        row(55, "no body", "").refused(400, "empty_body"),
                        row(56, "what unpacks to too much", gzip(new byte[MAX_BODY_BYTES + 1]))
                                .refused(413, "body_too_large"),
                        row(56, "a bomb in two members", join(gzip(blank(10 << 20)), gzip(blank(10 << 20))))
                                .refused(413, "body_too_large"))
                .map(input -> input.with("Content-Encoding", "gzip"));
    }

    private static Stream<BadInput> labels() {
        Stream<BadInput> encodings = Stream.of("br", "zstd", "deflate", "compress", "gzip, gzip", "x")
                .map(encoding -> row(57, encoding, GOOD)
                        .with("Content-Encoding", encoding)
                        .refused(415, "unsupported_encoding"));
        Stream<BadInput> goodTypes = Stream.of(
                        "text/plain",
                        "application/xml",
                        "application/x-www-form-urlencoded",
                        "application/x-ndjson",
                        "application/octet-stream",
                        "application/json; charset=UTF-8")
                .map(type -> row(58, type, GOOD).with("Content-Type", type).accepted(1));
        Stream<BadInput> badTypes = Stream.of(
                        "multipart/form-data; boundary=x",
                        "multipart/mixed",
                        "application/x-java-serialized-object",
                        "json",
                        "a/b/c")
                .map(type -> row(58, type, GOOD).with("Content-Type", type).refused(415, "unsupported_media_type"));
        Stream<BadInput> charsets = Stream.of("iso-8859-1", "utf-16").map(charset -> row(59, charset, GOOD)
                .with("Content-Type", "application/json; charset=" + charset)
                .refused(415, "unsupported_charset"));
        return Stream.of(
                        encodings,
                        goodTypes,
                        badTypes,
                        charsets,
                        Stream.of(row(58, "no type", GOOD).accepted(1)))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"sizes", "compressed", "labels"})
    void is_answered_as_it_deserves(BadInput input) {
        Door.check(input);
    }

    @Test
    @DisplayName("51 another body under the same Idempotency-Key: the first counts")
    void stores_the_first_body_under_a_key() {
        String app = Door.newApp();
        String first = GOOD.replace(APP, app);
        String other = first.replace("\"m\"", "\"other\"");

        for (String body : new String[] {first, first, other}) {
            assertThat(Door.api().ingest(body, "Idempotency-Key", app).status()).isEqualTo(200);
        }

        assertThat(Door.storedBeforeANewOne(app))
                .singleElement()
                .satisfies(log -> assertThat(log.get("message").asText()).isEqualTo("m"));
    }

    @Test
    @DisplayName("55 gzip of one member, of two, and of many")
    void unpacks_all_members() {
        String app = Door.newApp();
        byte[] line = gzip((GOOD.replace(APP, app) + "\n").getBytes(UTF_8));

        Answer one = Door.api().ingest(line, "Content-Encoding", "gzip");
        Answer two = Door.api().ingest(join(line, line), "Content-Encoding", "x-gzip");
        Answer many =
                Door.api().ingest(join(join(line, line), join(line, gzip(new byte[0]))), "Content-Encoding", "GZIP");

        assertThat(one.body().get("enqueued").asInt()).isEqualTo(1);
        assertThat(two.body().get("enqueued").asInt()).isEqualTo(2);
        assertThat(many.body().get("enqueued").asInt()).isEqualTo(3);
        assertThat(Door.storedBeforeANewOne(app)).hasSize(6);
    }

    @Test
    @DisplayName("56 gzip in gzip: the second layer is not opened")
    void opens_one_layer_of_gzip() {
        byte[] twice = gzip(gzip(GOOD.getBytes(UTF_8)));

        Answer answer = Door.api().ingest(twice, "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("code").asText()).isEqualTo("invalid_utf8");
    }

    @Test
    @DisplayName("56 a bomb of 1 GB")
    void stops_unpacking_at_the_limit() {
        byte[] packed = gzip(new byte[64 << 20]);
        byte[] bomb = packed;
        for (int member = 1; member < 16; member++) {
            bomb = join(bomb, packed);
        }

        Answer answer = Door.api().ingest(bomb, "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(413);
        Door.assertProblem(answer, "body_too_large");
    }

    private static byte[] blank(int length) {
        byte[] blank = new byte[length];
        Arrays.fill(blank, (byte) ' ');
        return blank;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}

package logaggregator.queue.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.StreamMessage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import logaggregator.EntryId;
import logaggregator.HashedId;
import logaggregator.deadletter.DeadLetter;

/**
 * Writes dead letters as entries of a stream and reads them back: {@code error}, {@code msg_id} (of the queue entry),
 * {@code data} (the record as sent), {@code line} (its line in the entry, from 1), {@code reason}, {@code field},
 * {@code failed_at}, {@code received_at}, {@code attempts}, {@code replays}, {@code source} (the queue), {@code app} and
 * {@code identity}. Letters that others wrote, with {@code error} and {@code msg_id} alone, can be read as well.
 */
final class LetterCodec {

    private LetterCodec() {}

    static Map<String, byte[]> encode(DeadLetter letter) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        fields.put("error", letter.error().getBytes(UTF_8));
        fields.put("msg_id", bytes(letter.entry()));
        fields.put("data", letter.data());
        fields.put("line", bytes(letter.line()));
        fields.put("reason", bytes(letter.reason()));
        if (letter.field() != null) {
            fields.put("field", bytes(letter.field()));
        }
        fields.put("failed_at", bytes(letter.failedAt()));
        fields.put("received_at", bytes(letter.receivedAt()));
        fields.put("attempts", bytes(letter.attempts()));
        fields.put("replays", bytes(letter.replays()));
        fields.put("source", bytes(letter.source()));
        fields.put("app", bytes(letter.app()));
        fields.put("identity", bytes(letter.identity()));
        return fields;
    }

    static DeadLetter decode(StreamMessage<String, byte[]> message) {
        Map<String, byte[]> fields = message.getBody();
        Instant added = Instant.ofEpochMilli(EntryId.parse(message.getId()).millis());
        int line = (int) number(fields, "line", 1);
        String entry = text(fields, "msg_id", "");
        return new DeadLetter(
                message.getId(),
                identity(fields, entry, line),
                text(fields, "app", ""),
                text(fields, "reason", "unknown"),
                fields.containsKey("field") ? text(fields, "field", "") : null,
                text(fields, "error", ""),
                fields.getOrDefault("data", new byte[0]),
                time(fields, "received_at", added),
                time(fields, "failed_at", added),
                number(fields, "attempts", 1),
                number(fields, "replays", 0),
                text(fields, "source", ""),
                entry,
                line);
    }

    private static UUID identity(Map<String, byte[]> fields, String entry, int line) {
        try {
            return UUID.fromString(text(fields, "identity", ""));
        } catch (IllegalArgumentException e) {
            return HashedId.DEAD_LETTER.of(entry + ":" + line);
        }
    }

    private static String text(Map<String, byte[]> fields, String name, String otherwise) {
        byte[] value = fields.get(name);
        return value == null ? otherwise : new String(value, UTF_8);
    }

    private static long number(Map<String, byte[]> fields, String name, long otherwise) {
        try {
            return Long.parseLong(text(fields, name, ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Instant time(Map<String, byte[]> fields, String name, Instant otherwise) {
        try {
            return Instant.parse(text(fields, name, ""));
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(UTF_8);
    }
}

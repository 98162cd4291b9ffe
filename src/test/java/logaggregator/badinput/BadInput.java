package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;
import logaggregator.ingest.json.JsonRecords;

/**
 * One request that isn't as it should be, and what must become of it. {@link #APP} in the body stands for an application
 * of its own.
 *
 * @param name begins with the number of the row
 * @param body what is sent, as bytes
 * @param headers names and values
 * @param status of the answer
 * @param code of the answer when it is a problem, else empty
 * @param reasons of the rejected records, in order
 * @param accepted how many records are accepted and stored
 * @param appSuffix what follows {@link #APP} in the name under which they are stored
 * @param stored what must hold of the stored records, in the order they were sent
 */
record BadInput(
        String name,
        byte[] body,
        List<String> headers,
        int status,
        String code,
        List<String> reasons,
        int accepted,
        String appSuffix,
        Consumer<List<JsonNode>> stored) {

    static final String APP = "@app@";

    /** A good record. */
    static final String GOOD = rec();

    static BadInput row(int row, String what, String body) {
        return row(row, what, body.getBytes(UTF_8));
    }

    static BadInput row(int row, String what, byte[] body) {
        return new BadInput(row + " " + what, body, List.of(), 200, "", List.of(), 0, "", logs -> {});
    }

    /** Each character of {@code body} is a byte. */
    static BadInput bytes(int row, String what, String body) {
        return row(row, what, body.getBytes(ISO_8859_1));
    }

    /** A record with members changed, as {@link JsonRecords#record}. */
    static String rec(String... changes) {
        String[] all = new String[changes.length + 2];
        all[0] = "app";
        all[1] = '"' + APP + '"';
        System.arraycopy(changes, 0, all, 2, changes.length);
        return JsonRecords.record(all);
    }

    BadInput with(String... newHeaders) {
        return new BadInput(name, body, List.of(newHeaders), status, code, reasons, accepted, appSuffix, stored);
    }

    BadInput refused(int newStatus, String newCode) {
        return new BadInput(name, body, headers, newStatus, newCode, reasons, 0, appSuffix, stored);
    }

    BadInput accepted(int count) {
        return new BadInput(name, body, headers, 200, "", reasons, count, appSuffix, stored);
    }

    /** Nothing is accepted, each record for a reason of its own. */
    BadInput rejected(String... newReasons) {
        return new BadInput(name, body, headers, 400, "no_valid_record", List.of(newReasons), 0, appSuffix, stored);
    }

    /** Those for these reasons, the others are accepted. */
    BadInput rejectedBut(int count, String... newReasons) {
        return new BadInput(name, body, headers, 200, "", List.of(newReasons), count, appSuffix, stored);
    }

    BadInput inApp(String newSuffix) {
        return new BadInput(name, body, headers, status, code, reasons, accepted, newSuffix, stored);
    }

    BadInput storing(Consumer<List<JsonNode>> check) {
        return new BadInput(name, body, headers, status, code, reasons, accepted, appSuffix, check);
    }

    @Override
    public String toString() {
        return name;
    }
}

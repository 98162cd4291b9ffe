package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import logaggregator.support.RawConnection;

/**
 * Requests whose bytes are made before anything is measured.
 *
 * @param records of all requests together
 * @param good of these, how many are to be accepted
 */
record Requests(List<byte[]> bytes, int records, int good) {

    /** As many records as there are in whole requests of that many; each record is made from its number. */
    static Requests ndjson(int records, int perRequest, IntFunction<String> record) {
        return of(records, perRequest, record, "", "\n", "");
    }

    static Requests array(int records, int perRequest, IntFunction<String> record) {
        return of(records, perRequest, record, "[", ",", "]");
    }

    private static Requests of(
            int records, int perRequest, IntFunction<String> record, String begin, String separator, String end) {
        List<byte[]> requests = new ArrayList<>();
        for (int from = 0; from + perRequest <= records; from += perRequest) {
            StringBuilder body = new StringBuilder(begin);
            for (int n = from; n < from + perRequest; n++) {
                body.append(n == from ? "" : separator).append(record.apply(n));
            }
            requests.add(RawConnection.postOf(body.append(end).toString()).getBytes(UTF_8));
        }
        int all = requests.size() * perRequest;
        return new Requests(requests, all, all);
    }

    /** The same, of which only so many are to be accepted. */
    Requests expecting(int good) {
        return new Requests(bytes, records, good);
    }

    int count() {
        return bytes.size();
    }
}

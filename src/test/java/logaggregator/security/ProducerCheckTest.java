package logaggregator.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import logaggregator.Batch;
import logaggregator.UnavailableException;
import logaggregator.access.Access;
import logaggregator.access.Scope;
import logaggregator.app.AppCheck;
import logaggregator.app.AppLookup;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.ingest.json.JsonBodyDecoder;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.limit.Quotas;
import logaggregator.support.Records;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** How often one looks for senders into which apps there are: a sender that makes names up is looked for no more. */
class ProducerCheckTest {

    private static final int NEW_APPS = 20;
    private static final String RETRY_AFTER = "Retry-After";

    private final CountedLookup lookup = new CountedLookup();
    private final ProducerCheck check = new ProducerCheck(
            new AppCheck(lookup),
            new Quotas((quota, before, amount) -> {
                throw new UnavailableException("each for itself", null);
            }),
            new LimitSettings(0, NEW_APPS));
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    /** Knows the app with id 7, once it was asked for it. */
    private static final class CountedLookup implements AppLookup {

        private static final Map<Integer, String> APPS = Map.of(7, "shop");

        private final Map<Integer, String> known = new HashMap<>();
        private int asked;

        @Override
        public Map<Integer, String> find(Set<Integer> ids) {
            asked += ids.size();
            APPS.forEach((id, name) -> {
                if (ids.contains(id)) {
                    known.put(id, name);
                }
            });
            return findKnown(ids);
        }

        @Override
        public Set<String> existing(Set<String> names) {
            asked += names.size();
            known.putAll(APPS);
            return existingKnown(names);
        }

        @Override
        public Map<Integer, String> findKnown(Set<Integer> ids) {
            return known.entrySet().stream()
                    .filter(app -> ids.contains(app.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        @Override
        public Set<String> existingKnown(Set<String> names) {
            return known.values().stream().filter(names::contains).collect(Collectors.toSet());
        }
    }

    @Test
    void names_that_are_made_up_are_looked_for_so_often_and_no_more() {
        for (int n = 0; n < 5_000; n++) {
            String record = Records.json("made-up-" + n, n);
            if (n < NEW_APPS) {
                assertThat(send(record).size()).isEqualTo(1);
            } else {
                assertThatThrownBy(() -> send(record)).isInstanceOfSatisfying(InvalidBodyException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.code()).isEqualTo("app_limit");
                });
            }
        }

        assertThat(lookup.asked).isLessThan(600);
        assertThat(Integer.parseInt(response.getHeader(RETRY_AFTER))).isPositive();
        assertThat(send(Records.json("shop", 1)).size()).isEqualTo(1);
        assertThat(send(Records.json("shop", 1) + "\n" + Records.json("made-up", 2))
                        .rejections())
                .hasSize(1);
    }

    @Test
    void so_are_ids() {
        send(byId(7));
        for (int n = 0; n < 5_000; n++) {
            String record = byId(1_000 + n);
            assertThatThrownBy(() -> send(record))
                    .isInstanceOfSatisfying(InvalidBodyException.class, e -> assertThat(e.code())
                            .isIn("no_valid_record", "app_limit"));
        }

        assertThat(lookup.asked).isLessThan(600);
        assertThat(response.getHeader(RETRY_AFTER)).isEqualTo("60");
        assertThat(send(byId(7)).size()).isEqualTo(1);
    }

    private static String byId(int id) {
        return "{\"app_id\":" + id + ",\"level\":\"INFO\",\"service\":\"s\",\"message\":\"m\"}";
    }

    private Batch send(String records) {
        IngestLimits limits = new IngestLimits(1_000, 16 << 20, 50_000, 500);
        Batch batch = new JsonBodyDecoder(limits, new JsonRecordDecoder(limits), Clock.systemUTC())
                .decode(records.getBytes(UTF_8), null, null);
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setAttribute(Access.ATTRIBUTE, new Access("key-1", "test", Set.of(Scope.INGEST), Set.of(), 0));
        return check.check(batch, request, response, null, null);
    }
}

package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    private final Chunk first = chunk(0, 1, 2);
    private final Chunk second = chunk(0, 1, 2);

    @Test
    void without_removes_the_named_records_of_the_named_chunk_only() {
        Batch batch =
                Batch.of(List.of(first, second), List.of()).without(List.of(refused(first, 1), refused(second, 2)));

        assertThat(indexes(batch)).containsExactly(List.of(0, 2), List.of(0, 1));
        assertThat(batch.size()).isEqualTo(4);
    }

    @Test
    void without_keeps_chunks_whose_records_are_all_refused_since_they_must_still_be_acknowledged() {
        Batch batch = Batch.of(List.of(first), List.of())
                .without(List.of(refused(first, 0), refused(first, 1), refused(first, 2)));

        assertThat(batch.chunks()).hasSize(1);
        assertThat(batch.chunks().get(0).data()).isSameAs(first.data());
        assertThat(batch.size()).isZero();
    }

    @Test
    void without_adds_to_the_rejections_there_were() {
        Rejection atTheDoor = new Rejection(null, 1, "missing_field", "level", "level is required");
        Rejection later = refused(first, 0);

        assertThat(Batch.of(List.of(first), List.of(atTheDoor))
                        .without(List.of(later))
                        .rejections())
                .containsExactly(atTheDoor, later);
    }

    @Test
    void without_ignores_rejections_that_name_no_chunk_or_a_record_that_is_not_there() {
        Batch batch = Batch.of(List.of(first), List.of())
                .without(List.of(new Rejection(null, 1, "crash", null, "?"), refused(second, 0), refused(first, 9)));

        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.rejections()).hasSize(3);
    }

    @Test
    void is_safe_once_its_durability_is_known_and_not_after_it_was_changed() {
        Batch batch = Batch.of(List.of(first), List.of());

        assertThat(batch.isSafe()).isFalse();
        assertThat(batch.withDurability(Durability.FSYNC).isSafe()).isTrue();
        assertThat(batch.withDurability(Durability.FSYNC).durability()).isEqualTo(Durability.FSYNC);
        assertThat(batch.withDurability(Durability.FSYNC)
                        .without(List.of(refused(first, 0)))
                        .isSafe())
                .isFalse();
    }

    @Test
    void does_not_change_with_the_lists_it_was_made_of() {
        List<Chunk> chunks = new ArrayList<>(List.of(first));
        Batch batch = Batch.of(chunks, List.of());
        chunks.clear();

        assertThat(batch.chunks()).containsExactly(first);
        assertThat(batch.isEmpty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"FSYNC, fsync, redis", "EVERYSEC, everysec, redis", "MEMORY, memory, redis", "POSTGRES, postgres, db"})
    void names_durability_and_backend_as_the_client_sees_them(Durability durability, String token, String backend) {
        assertThat(durability.token()).isEqualTo(token);
        assertThat(durability.backend()).isEqualTo(backend);
    }

    private static Chunk chunk(int... indexes) {
        List<LogEntry> entries = Arrays.stream(indexes)
                .mapToObj(index -> new LogEntry(index, "app", null, "INFO", "service", "message", NOW, null, null))
                .toList();
        return new Chunk(UUID.randomUUID(), null, NOW, entries, new byte[0]);
    }

    private static Rejection refused(Chunk chunk, int index) {
        return new Rejection(chunk, index, "22P05", null, "refused");
    }

    private static List<List<Integer>> indexes(Batch batch) {
        return batch.chunks().stream()
                .map(chunk -> chunk.entries().stream().map(LogEntry::index).toList())
                .toList();
    }
}

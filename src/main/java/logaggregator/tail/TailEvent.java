package logaggregator.tail;

import org.jspecify.annotations.Nullable;

/** What a listener is told. */
public sealed interface TailEvent {

    /** A log that matches. */
    record Log(TailPosition position, LiveLog log) implements TailEvent {}

    /** Logs that may have matched are left out. @param count null when it isn't known */
    record Missed(@Nullable Long count) implements TailEvent {}

    /** There was none. @param position up to where, or null when nothing was looked through yet */
    record Nothing(@Nullable TailPosition position) implements TailEvent {}
}

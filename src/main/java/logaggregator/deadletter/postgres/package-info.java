@NullMarked
package logaggregator.deadletter.postgres;

import org.jspecify.annotations.NullMarked;

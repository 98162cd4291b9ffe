@NullMarked
package logaggregator.deadletter;

import org.jspecify.annotations.NullMarked;

@NullMarked
package logaggregator.queue;

import org.jspecify.annotations.NullMarked;

@NullMarked
package logaggregator.tail;

import org.jspecify.annotations.NullMarked;

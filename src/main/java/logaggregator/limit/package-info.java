@NullMarked
package logaggregator.limit;

import org.jspecify.annotations.NullMarked;

@NullMarked
package logaggregator.metrics;

import org.jspecify.annotations.NullMarked;

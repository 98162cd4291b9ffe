@NullMarked
package logaggregator.query;

import org.jspecify.annotations.NullMarked;

@NullMarked
package logaggregator;

import org.jspecify.annotations.NullMarked;

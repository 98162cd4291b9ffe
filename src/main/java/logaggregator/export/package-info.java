@NullMarked
package logaggregator.export;

import org.jspecify.annotations.NullMarked;

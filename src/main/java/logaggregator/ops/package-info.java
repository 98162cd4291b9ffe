@NullMarked
package logaggregator.ops;

import org.jspecify.annotations.NullMarked;

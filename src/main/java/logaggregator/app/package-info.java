@NullMarked
package logaggregator.app;

import org.jspecify.annotations.NullMarked;

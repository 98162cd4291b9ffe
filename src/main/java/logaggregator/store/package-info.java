@NullMarked
package logaggregator.store;

import org.jspecify.annotations.NullMarked;

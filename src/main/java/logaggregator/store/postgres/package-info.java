@NullMarked
package logaggregator.store.postgres;

import org.jspecify.annotations.NullMarked;

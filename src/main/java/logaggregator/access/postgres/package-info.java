@NullMarked
package logaggregator.access.postgres;

import org.jspecify.annotations.NullMarked;

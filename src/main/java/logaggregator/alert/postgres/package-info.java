@NullMarked
package logaggregator.alert.postgres;

import org.jspecify.annotations.NullMarked;

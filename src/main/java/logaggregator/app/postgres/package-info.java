@NullMarked
package logaggregator.app.postgres;

import org.jspecify.annotations.NullMarked;

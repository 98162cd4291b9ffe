@NullMarked
package logaggregator.ingest;

import org.jspecify.annotations.NullMarked;

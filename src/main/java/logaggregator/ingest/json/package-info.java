@NullMarked
package logaggregator.ingest.json;

import org.jspecify.annotations.NullMarked;

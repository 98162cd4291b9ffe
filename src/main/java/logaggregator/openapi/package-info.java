@NullMarked
package logaggregator.openapi;

import org.jspecify.annotations.NullMarked;

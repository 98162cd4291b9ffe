@NullMarked
package logaggregator.embedded;

import org.jspecify.annotations.NullMarked;

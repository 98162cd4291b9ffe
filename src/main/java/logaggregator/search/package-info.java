@NullMarked
package logaggregator.search;

import org.jspecify.annotations.NullMarked;

@NullMarked
package logaggregator.access;

import org.jspecify.annotations.NullMarked;

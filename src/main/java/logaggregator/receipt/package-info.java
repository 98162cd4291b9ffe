@NullMarked
package logaggregator.receipt;

import org.jspecify.annotations.NullMarked;

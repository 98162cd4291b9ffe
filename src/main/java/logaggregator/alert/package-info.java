@NullMarked
package logaggregator.alert;

import org.jspecify.annotations.NullMarked;

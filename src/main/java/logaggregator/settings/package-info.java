@NullMarked
package logaggregator.settings;

import org.jspecify.annotations.NullMarked;

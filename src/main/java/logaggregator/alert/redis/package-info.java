@NullMarked
package logaggregator.alert.redis;

import org.jspecify.annotations.NullMarked;

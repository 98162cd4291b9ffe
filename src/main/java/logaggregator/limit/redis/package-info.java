@NullMarked
package logaggregator.limit.redis;

import org.jspecify.annotations.NullMarked;

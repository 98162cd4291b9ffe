@NullMarked
package logaggregator.queue.redis;

import org.jspecify.annotations.NullMarked;

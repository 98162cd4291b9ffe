@NullMarked
package logaggregator.security;

import org.jspecify.annotations.NullMarked;

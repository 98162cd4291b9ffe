@NullMarked
package logaggregator.ledger;

import org.jspecify.annotations.NullMarked;

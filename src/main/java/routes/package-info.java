@NullMarked
package routes;

import org.jspecify.annotations.NullMarked;

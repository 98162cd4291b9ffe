package logaggregator.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords that nobody needs to remember. */
final class Passwords {

    private static final int BYTES = 32;

    private Passwords() {}

    static String random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}

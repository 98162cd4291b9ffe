package logaggregator.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Random text that opens the door to whoever has it. Only its SHA-256 is kept: a slow hash would add nothing to 256 random
 * bits. Immutable.
 */
public final class Secret {

    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PREFIX_LENGTH = 11;

    private final byte[] hash;

    private Secret(byte[] hash) {
        this.hash = hash;
    }

    /** @param kind what it begins with, e.g. {@code la_} */
    static String random(String kind) {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return kind + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** How a key begins: enough to recognise it by. */
    static String prefix(String text) {
        return text.substring(0, Math.min(PREFIX_LENGTH, text.length()));
    }

    /** What is kept of {@code text}. */
    public static Secret of(String text) {
        return new Secret(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** As it was kept before. */
    public static Secret ofHash(byte[] hash) {
        return new Secret(hash.clone());
    }

    public byte[] hash() {
        return hash.clone();
    }

    /** In a time that doesn't depend on how much is equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(hash, secret.hash);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(index());
    }

    /** Where to look for it: tells nothing of the secret itself. */
    long index() {
        long index = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            index = index << Byte.SIZE | hash[i] & 0xFF;
        }
        return index;
    }

    /** Names it in accounts and logs. */
    String shortName() {
        return HexFormat.of().formatHex(hash, 0, 4);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    @Override
    public String toString() {
        return "Secret";
    }
}

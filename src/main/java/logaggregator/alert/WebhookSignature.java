package logaggregator.alert;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Lets the receiver of the channel {@code webhook} know that an alert is ours, and of now. Thread-safe. */
@Component("webhookSignature")
public class WebhookSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_SECRET = 16;

    private final String secret;
    private final Clock clock;

    /** @param secret empty: nothing is signed */
    WebhookSignature(@Value("${notify.webhook.secret}") String secret, Clock clock) {
        this.secret = secret.strip();
        this.clock = clock;
        if (!this.secret.isEmpty() && this.secret.length() < SHORTEST_SECRET) {
            throw new InvalidSettingException(
                    "NOTIFY_WEBHOOK_SECRET", "must have at least " + SHORTEST_SECRET + " characters");
        }
    }

    /** The value of the header: {@code t=} seconds since 1970, {@code v1=} HMAC-SHA256 of these, a dot and the body. */
    public @Nullable String sign(byte[] body) {
        if (secret.isEmpty()) {
            return null;
        }
        String time = Long.toString(clock.instant().getEpochSecond());
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
            mac.update((time + ".").getBytes(US_ASCII));
            return "t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JRE has it", e);
        }
    }
}

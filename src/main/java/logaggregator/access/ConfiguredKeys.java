package logaggregator.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import logaggregator.settings.InvalidSettingException;

/**
 * The keys of API_KEYS, with commas between them, and of the file API_KEYS_FILE, one in a line: {@code KEY},
 * {@code KEY:ingest+read} or {@code KEY:ingest:app+app}; {@code sha256=…} in place of the key keeps it secret. Without
 * scopes a key may do everything.
 */
final class ConfiguredKeys {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.~+/=-]{20,200}");
    private static final Pattern HASH = Pattern.compile("sha256=([0-9a-fA-F]{64})");
    private static final String FORM =
            "must hold keys of 20 to 200 letters, digits and _.~+/=- , or sha256=… of keys, each"
                    + " followed by nothing, :scopes or :scopes:apps; + divides scopes (ingest, read, admin) and apps";

    /** A key of the settings. */
    record Configured(Secret secret, Access access) {}

    private ConfiguredKeys() {}

    static List<Configured> of(AccessSettings settings) {
        List<Configured> keys =
                new ArrayList<>(read("API_KEYS", settings.apiKeys().split(",", -1), settings));
        if (!settings.apiKeysFile().isBlank()) {
            keys.addAll(read("API_KEYS_FILE", lines(settings.apiKeysFile()), settings));
        }
        return keys;
    }

    private static String[] lines(String file) {
        try (Stream<String> lines = Files.lines(Path.of(file.strip()))) {
            return lines.filter(line -> !line.strip().startsWith("#")).toArray(String[]::new);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new InvalidSettingException("API_KEYS_FILE", "can't be read", e);
        }
    }

    private static List<Configured> read(String setting, String[] entries, AccessSettings settings) {
        return Arrays.stream(entries)
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .map(entry -> read(setting, entry, settings))
                .toList();
    }

    private static Configured read(String setting, String entry, AccessSettings settings) {
        String[] parts = entry.split(":", 3);
        Secret secret = secret(setting, parts[0].strip());
        Set<Scope> scopes = parts.length == 1 ? EnumSet.of(Scope.ADMIN) : scopes(setting, parts[1]);
        Set<String> apps = parts.length < 3 ? Set.of() : Set.copyOf(names(setting, parts[2]));
        if (!apps.isEmpty() && scopes.contains(Scope.ADMIN)) {
            throw new InvalidSettingException(setting, "has an admin key for some apps only: admin is for all");
        }
        String name = "settings-" + secret.shortName();
        return new Configured(secret, new Access(name, name, scopes, apps, settings.logsPerMinutePerKey()));
    }

    private static Secret secret(String setting, String text) {
        var hash = HASH.matcher(text);
        if (hash.matches()) {
            return Secret.ofHash(HexFormat.of().parseHex(hash.group(1)));
        }
        if (!KEY.matcher(text).matches()) {
            throw new InvalidSettingException(setting, FORM);
        }
        return Secret.of(text);
    }

    private static Set<Scope> scopes(String setting, String text) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names(setting, text)) {
            scopes.add(Scope.of(name).orElseThrow(() -> new InvalidSettingException(setting, FORM)));
        }
        return scopes;
    }

    private static List<String> names(String setting, String text) {
        List<String> names =
                Arrays.stream(text.split("\\+", -1)).map(String::strip).toList();
        if (names.stream().anyMatch(String::isEmpty)) {
            throw new InvalidSettingException(setting, FORM);
        }
        return names;
    }
}

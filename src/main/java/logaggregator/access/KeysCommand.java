package logaggregator.access;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import logaggregator.Command;
import logaggregator.UnavailableException;
import logaggregator.access.KeyBook.NewKey;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

/** {@code keys create|list|revoke}: what can be done to keys without one, by whoever may use the database. */
public class KeysCommand implements Command {

    private static final int USAGE_STATUS = 2;

    private static final String USAGE = """
            usage: keys create --name=NAME --scopes=ingest,read,admin [--apps=APP,APP] [--days=DAYS] [--logs-per-minute=N]
                   keys list
                   keys revoke ID

            They are in the database that DATABASE_URL names, or in the embedded one while the service doesn't run:
            while it does, POST /api/v1/keys/ makes them.""";

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public int run(List<String> arguments) {
        String action = arguments.isEmpty() ? "" : arguments.get(0);
        try {
            return switch (action) {
                case "create" -> create(options(arguments));
                case "list" -> arguments.size() == 1 ? with(KeysCommand::list) : usage();
                case "revoke" -> arguments.size() == 2 ? revoke(Long.parseLong(arguments.get(1))) : usage();
                default -> usage();
            };
        } catch (IllegalArgumentException e) {
            return usage();
        } catch (UnavailableException e) {
            System.err.println("The database can't be used: " + e.getMessage());
            return 1;
        } catch (BeansException e) {
            System.err.println(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            System.err.println("While the service runs with an embedded database, POST /api/v1/keys/ makes keys.");
            return 1;
        }
    }

    private static int usage() {
        System.err.println(USAGE);
        return USAGE_STATUS;
    }

    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new HashMap<>();
        for (String argument : arguments.subList(1, arguments.size())) {
            String[] parts = argument.split("=", 2);
            if (parts.length < 2 || parts[1].isBlank()) {
                throw new IllegalArgumentException(argument);
            }
            options.put(parts[0], parts[1].strip());
        }
        if (!Set.of("--name", "--scopes", "--apps", "--days", "--logs-per-minute")
                .containsAll(options.keySet())) {
            throw new IllegalArgumentException("an unknown option");
        }
        return options;
    }

    private static int create(Map<String, String> options) {
        String name = options.get("--name");
        String scopeNames = options.get("--scopes");
        if (name == null || scopeNames == null) {
            return usage();
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String scope : scopeNames.split(",", -1)) {
            scopes.add(Scope.of(scope.strip()).orElseThrow(() -> new IllegalArgumentException(scope)));
        }
        String apps = options.get("--apps");
        if (apps != null && scopes.contains(Scope.ADMIN)) {
            System.err.println("a key with the scope admin is for all apps");
            return USAGE_STATUS;
        }
        NewKey key = new NewKey(
                name,
                scopes,
                apps == null ? null : Set.of(apps.split(",", -1)),
                number(options.get("--logs-per-minute")),
                expiry(number(options.get("--days"))));
        return with(keys -> {
            ApiKeys.Created created = keys.create(key);
            System.err.println("Key " + created.key().id() + ", shown this once:");
            System.out.println(created.text());
            return 0;
        });
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text == null ? null : Integer.valueOf(Integer.parseUnsignedInt(text));
    }

    private static @Nullable Instant expiry(@Nullable Integer days) {
        return days == null ? null : Instant.now().plus(Duration.ofDays(days));
    }

    private static int list(ApiKeys keys) {
        System.out.println("id\tprefix\tscopes\tapps\texpires\trevoked\tlast used\tname");
        for (ApiKey key : keys.list()) {
            System.out.println(String.join(
                    "\t",
                    Long.toString(key.id()),
                    key.prefix(),
                    String.join(",", key.scopes()),
                    key.apps() == null ? "all" : String.join(",", key.apps()),
                    shown(key.expiresAt()),
                    shown(key.revokedAt()),
                    shown(key.lastUsedAt()),
                    key.name().replaceAll("\\p{Cntrl}", "·")));
        }
        return 0;
    }

    private static String shown(@Nullable Instant time) {
        return time == null ? "-" : time.toString();
    }

    private static int revoke(long id) {
        return with(keys -> {
            ApiKey key = keys.revoke(id);
            System.err.println(key == null ? "there is no key " + id : "revoked");
            return key == null ? 1 : 0;
        });
    }

    private interface Action {
        int apply(ApiKeys keys);
    }

    private static int with(Action action) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(KeysOnly.class)
                .web(WebApplicationType.NONE)
                // of the rest of what is found there nothing is made
                .lazyInitialization(true)
                .properties(Map.of("logging.level.root", "off", "logging.level.logaggregator", "warn"))
                .run()) {
            return action.apply(context.getBean(ApiKeys.class));
        } catch (InvalidSettingException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    /** The keys, the database and nothing else. */
    @Configuration(proxyBeanMethods = false)
    @ComponentScan({
        "logaggregator.access",
        "logaggregator.embedded",
        "logaggregator.store.postgres",
        "logaggregator.settings"
    })
    @ConfigurationPropertiesScan({"logaggregator.access", "logaggregator.store.postgres"})
    static class KeysOnly {}
}

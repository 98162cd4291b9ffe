package logaggregator.settings;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** What this process runs: the setting APP_ROLES. */
@ConfigurationProperties("app")
public record Roles(Set<Role> roles) {

    /** One task of the service. Routes name it in their precondition. */
    public enum Role {
        API,
        WORKER,
        ALERTS
    }

    public Roles {
        if (roles == null || roles.isEmpty()) {
            roles = EnumSet.allOf(Role.class);
        }
    }

    public boolean contains(Role role) {
        return roles.contains(role);
    }

    @Override
    public String toString() {
        return String.join(", ", roles.stream().map(Role::name).toList()).toLowerCase(Locale.ROOT);
    }
}

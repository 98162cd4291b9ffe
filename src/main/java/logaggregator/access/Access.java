package logaggregator.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;
import logaggregator.search.Glob;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and what they may do.
 *
 * @param account under which it is counted, e.g. {@code key-7}; the same for all requests with a key, empty without
 * @param name for people
 * @param scopes none: only what is open to everybody
 * @param apps names of the only applications that it may write to and read; empty for all
 * @param logsPerMinute how many logs may be sent in a minute; 0 for any number
 * @param session by which it was let in; null when it was by its key, or needs none
 */
public record Access(
        String account,
        String name,
        Set<Scope> scopes,
        Set<String> apps,
        int logsPerMinute,
        @Nullable Secret session) {

    /** Of a request: who sends it; absent for {@link #EVERYBODY}. */
    public static final String ATTRIBUTE = Access.class.getName();

    /** What a 401 says of how a key is shown. */
    public static final String CHALLENGE = "Bearer realm=\"log-aggregator\"";

    /** Where no key is asked for. */
    public static final Access EVERYBODY = new Access("", "everybody", EnumSet.allOf(Scope.class), Set.of(), 0);

    /** Without a key where one is asked for. */
    public static final Access NOBODY = new Access("", "nobody", Set.of(), Set.of(), 0);

    private static final String ADDRESS = "address-";

    /** Without a key where none is asked for, though not from this machine. */
    public static Access anonymous(String address, int logsPerMinute) {
        return new Access(ADDRESS + address, address, EVERYBODY.scopes(), Set.of(), logsPerMinute);
    }

    /** Without a session. */
    public Access(String account, String name, Set<Scope> scopes, Set<String> apps, int logsPerMinute) {
        this(account, name, scopes, apps, logsPerMinute, null);
    }

    public Access {
        scopes = Set.copyOf(scopes);
        apps = Set.copyOf(apps);
    }

    /** What an attribute of a request says. */
    public static Access of(@Nullable Object attribute) {
        return attribute instanceof Access access ? access : EVERYBODY;
    }

    /** The same, let in by a session. */
    Access by(Secret session) {
        return new Access(account, name, scopes, apps, logsPerMinute, session);
    }

    /** Whether it may do what needs this scope. */
    public boolean has(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }

    public boolean hasAllApps() {
        return apps.isEmpty();
    }

    /** Whether it may write to, and read, the application of this name. */
    public boolean hasApp(String app) {
        return apps.isEmpty() || apps.contains(app);
    }

    /** Whether something is its own that was sent under this account, or is for it to see anyway. */
    public boolean owns(@Nullable String sentBy) {
        return has(Scope.ADMIN) || !account.isEmpty() && account.equals(sentBy);
    }

    /** Whether it is the owner of a key. */
    public boolean isSomebody() {
        return !account.isEmpty() && !account.startsWith(ADDRESS);
    }

    /** The filter without what may not be read. */
    public LogFilter restrict(LogFilter filter) {
        if (apps.isEmpty()) {
            return filter;
        }
        List<Expression> allowed = apps.stream()
                .sorted()
                .<Expression>map(app -> new Expression.Text(TextField.APP, Glob.literal(app)))
                .toList();
        // the app first: it is told at once, and of what isn't allowed nothing else is looked at
        return new LogFilter(
                Expression.and(List.of(Expression.or(allowed), filter.condition())), filter.start(), filter.end());
    }
}

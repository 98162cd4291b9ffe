package logaggregator.queue.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.Durability;

/**
 * The settings of a Redis server that decide whether it keeps what it has accepted. Each is empty when the server doesn't
 * tell it.
 */
record ServerSettings(String version, String appendOnly, String appendFsync, String maxMemory, String maxMemoryPolicy) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    /**
     * @param severe when records may be lost that a healthy Redis would have kept
     * @param remedy what to do about it
     */
    record Finding(String text, boolean severe, String remedy) {}

    /**
     * @param info what INFO answers, by name
     * @param config what CONFIG GET answers, by name; empty where it is forbidden
     */
    static ServerSettings of(Map<String, String> info, Map<String, String> config) {
        String aof = info.getOrDefault("aof_enabled", "");
        return new ServerSettings(
                info.getOrDefault("redis_version", ""),
                config.getOrDefault("appendonly", aof.isEmpty() ? "" : aof.equals("1") ? "yes" : "no"),
                config.getOrDefault("appendfsync", ""),
                config.getOrDefault("maxmemory", info.getOrDefault("maxmemory", "")),
                config.getOrDefault("maxmemory-policy", info.getOrDefault("maxmemory_policy", "")));
    }

    Durability durability() {
        if (appendOnly.equals("no") || evicts()) {
            return Durability.MEMORY;
        }
        if (appendOnly.isEmpty()) {
            return Durability.UNKNOWN;
        }
        return switch (appendFsync) {
            case "always" -> Durability.FSYNC;
            case "everysec" -> Durability.EVERYSEC;
            case "" -> Durability.UNKNOWN;
            default -> Durability.MEMORY;
        };
    }

    /** @param requireDurable whether only a server that writes to disk before it answers may accept */
    List<Finding> findings(boolean requireDurable) {
        List<Finding> findings = new ArrayList<>();
        if (isOlderThan(6, 2)) {
            findings.add(new Finding(
                    "its version " + version + " is older than 6.2: it has no XTRIM MINID and no XPENDING IDLE, so that"
                            + " stored entries are never removed and those of a dead worker never stored",
                    true,
                    "install Redis 6.2 or later"));
        }
        if (appendOnly.equals("no")) {
            findings.add(new Finding(
                    "appendonly is no: all that was accepted and isn't stored yet is lost when Redis stops",
                    true,
                    "set appendonly yes and appendfsync always"));
        } else if (appendFsync.equals("everysec")) {
            findings.add(new Finding(
                    "appendfsync is everysec: up to the last two seconds of what was accepted are lost when the machine"
                            + " stops, and also when only Redis is killed while the disk is slow",
                    false,
                    "set appendfsync always where no log may be lost"));
        } else if (appendFsync.equals("no")) {
            findings.add(new Finding(
                    "appendfsync is no: what the system has not written to disk yet is lost when the machine stops",
                    false,
                    "set appendfsync always"));
        }
        if (evicts()) {
            findings.add(new Finding(
                    "maxmemory-policy is " + maxMemoryPolicy + ": a full Redis deletes the queue, all that waits in it"
                            + " and its consumer group, without an error; noeviction doesn't",
                    true,
                    "set maxmemory-policy noeviction"));
        }
        if (maxMemory.equals("0")) {
            findings.add(new Finding(
                    "maxmemory is not set: the queue may fill the memory of the machine, bounded by INGEST_MAX_LAG alone",
                    false,
                    "set maxmemory to what the machine can spare"));
        }
        if (appendOnly.isEmpty()) {
            findings.add(new Finding(
                    "it answers neither CONFIG GET nor INFO: what it would lose isn't known",
                    false,
                    "allow one of the two (ACL SETUSER … +info +config|get)"));
        }
        if (requireDurable && durability() != Durability.FSYNC) {
            findings.add(new Finding(
                    "its durability is " + durability().token()
                            + " and INGEST_REQUIRE_DURABLE asks for fsync: what comes in goes to the database, not to Redis",
                    true,
                    "set appendonly yes and appendfsync always, or INGEST_REQUIRE_DURABLE=false"));
        }
        return findings;
    }

    /** The policies that begin with volatile spare keys without an expiry, as ours are. */
    private boolean evicts() {
        return maxMemoryPolicy.startsWith("allkeys");
    }

    private boolean isOlderThan(int major, int minor) {
        Matcher numbers = VERSION.matcher(version);
        if (!numbers.matches()) {
            return false;
        }
        int itsMajor = Integer.parseInt(numbers.group(1));
        return itsMajor < major || (itsMajor == major && Integer.parseInt(numbers.group(2)) < minor);
    }
}

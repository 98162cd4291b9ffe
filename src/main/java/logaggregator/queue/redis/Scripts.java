package logaggregator.queue.redis;

/** What Redis has to do in one step. Sent as text each time: a server that was restarted knows no script. */
final class Scripts {

    /** Adds all entries or, when Redis refuses, none; KEYS: stream; ARGV: per entry the number of fields, then these. */
    static final String ADD_ALL = """
            local ids, i = {}, 1
            while i <= #ARGV do
              local last = i + 2 * tonumber(ARGV[i])
              ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', unpack(ARGV, i + 1, last))
              i = last + 1
            end
            return ids""";

    /** KEYS: stream, set of known identities; ARGV: identity, time, fields of the entry. */
    static final String ADD_ONCE = """
            if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1]) == 0 then return 0 end
            redis.call('XADD', KEYS[1], '*', unpack(ARGV, 3))
            return 1""";

    /** Deleting a consumer forgets what is pending on it: only when there is nothing. KEYS: stream; ARGV: group, name. */
    static final String LEAVE = """
            if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return 0 end
            redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
            return 1""";

    private Scripts() {}
}

package logaggregator.queue.redis;

/**
 * What Redis has to do in one step. The ledger is a
 * hash: {@code ledger} (its name), {@code history} (the data set in which it was begun), and numbers of records
 * {@code accepted}, {@code settled} and {@code replayed}, each in all and, after a colon, by account. An entry says how
 * many records of which account it has in its field {@code apps}.
 *
 * <p>A server that is started, and a replica that becomes the master, begins a new history, whose first data may be older
 * than what the server before has answered. So each history has a ledger of its own: the one before is kept under
 * {@code :last} as it came back, and what waits from it is in the new one from the start, as {@code settled} below zero.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/replication/">Redis replication ID</a>
 */
final class Scripts {

    private static final String LEDGER = """
            local function history()
              local info = redis.pcall('INFO', 'replication') -- may be forbidden
              return type(info) == 'string' and string.match(info, 'master_replid:(%w+)') or ''
            end
            local function ledger(key, name)
              local known, now = redis.call('HMGET', key, 'ledger', 'history'), history()
              if known[1] and (now == '' or now == known[2]) then return known[1] end
              local old, last = redis.call('HGETALL', key), key .. ':last'
              redis.call('HSET', key, 'history', now) -- first what a full server refuses
              redis.call('RENAME', key, last)
              redis.call('HSET', key, 'ledger', name, 'history', now)
              for i = 1, #old, 2 do
                -- one that took nothing itself has only what was settled below zero
                local account = string.match(old[i], '^accepted(.*)') or string.match(old[i], '^settled(.*)')
                if account then
                  local numbers = redis.call('HMGET', last, 'accepted' .. account, 'settled' .. account)
                  local waiting = (numbers[1] or 0) - (numbers[2] or 0)
                  if waiting > 0 then redis.call('HSET', key, 'settled' .. account, -waiting) end
                end
              end
              return name
            end
            local sums = {}
            local function count(kind, apps)
              for app, n in pairs(cjson.decode(apps)) do
                sums[kind] = (sums[kind] or 0) + n
                sums[kind .. ':' .. app] = (sums[kind .. ':' .. app] or 0) + n
              end
            end
            local function write(key)
              local numbers = {}
              for field, n in pairs(sums) do
                numbers[#numbers + 1] = field
                numbers[#numbers + 1] = redis.call('HINCRBY', key, field, n)
              end
              return numbers
            end
            """;

    /** By the clock of the server, since those of the processes may differ. */
    private static final String NOW = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            """;

    /**
     * Adds all entries or, when Redis refuses, none, and counts their records as accepted. KEYS: stream, ledger, traces;
     * ARGV: name for a new ledger, whether to trace the entries, then per entry the number of fields, then these. Returns
     * the ids, the name of the ledger, and the numbers that it has now, each after its field.
     */
    static final Script ADD_ALL = new Script(LEDGER + """
            local name, ids, i = ledger(KEYS[2], ARGV[1]), {}, 3
            while i <= #ARGV do
              local last = i + 2 * tonumber(ARGV[i])
              local id = redis.call('XADD', KEYS[1], '*', 'ledger', name, unpack(ARGV, i + 1, last))
              ids[#ids + 1] = id
              for field = i + 1, last, 2 do
                if ARGV[field] == 'apps' then count('accepted', ARGV[field + 1]) end
                if ARGV[field] == 'id' and ARGV[2] == '1' then
                  redis.call('HSET', KEYS[3], ARGV[field + 1], id)
                end
              end
              i = last + 1
            end
            return {ids, name, write(KEYS[2])}""");

    /** Begins a new ledger when the one that is there belongs to another history. KEYS: ledger; ARGV: name for a new one. */
    static final Script OPEN = new Script(LEDGER + """
            if redis.call('EXISTS', KEYS[1]) == 1 then ledger(KEYS[1], ARGV[1]) end
            return 1""");

    /**
     * Acknowledges entries and counts the records of those that were not acknowledged before as settled. KEYS: stream,
     * ledger, traces; ARGV: group, then per entry its id, its field apps (or nothing) and its chunk's id (or nothing).
     */
    static final Script ACKNOWLEDGE = new Script(LEDGER + """
            local traced = redis.call('EXISTS', KEYS[3]) == 1
            for i = 2, #ARGV, 3 do
              if redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) == 1 and ARGV[i + 1] ~= '' then
                pcall(count, 'settled', ARGV[i + 1])
              end
              if traced then redis.call('HDEL', KEYS[3], ARGV[i + 2]) end
            end
            write(KEYS[2])
            return 1""");

    /**
     * Adds the dead letters that were neither added before nor are gone. KEYS: stream, set of the keys of letters that were
     * added, set of those that are gone; ARGV: for how many milliseconds they are remembered, then per letter its key, the
     * number of fields, then these.
     */
    static final Script ADD_LETTERS = new Script(NOW + """
            local i = 2
            while i <= #ARGV do
              local last = i + 1 + 2 * tonumber(ARGV[i + 1])
              if not redis.call('ZSCORE', KEYS[2], ARGV[i]) and not redis.call('ZSCORE', KEYS[3], ARGV[i]) then
                redis.call('XADD', KEYS[1], '*', unpack(ARGV, i + 2, last))
                redis.call('ZADD', KEYS[2], now, ARGV[i])
              end
              i = last + 1
            end
            redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, now - ARGV[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[3], 0, now - ARGV[1])
            return 1""");

    /**
     * Puts a dead letter back on the queue, unless it is gone; then it is. KEYS: stream, ledger, stream of the letters, set
     * of those that are gone; ARGV: name for a new ledger, key of the letter, its id or nothing when it isn't in that stream,
     * then the fields of the entry.
     */
    static final Script REPLAY = new Script(LEDGER + NOW + """
            if ARGV[3] ~= '' and redis.call('XDEL', KEYS[3], ARGV[3]) == 0 then return 0 end
            if redis.call('ZADD', KEYS[4], 'NX', now, ARGV[2]) == 0 then return 0 end
            redis.call('XADD', KEYS[1], '*', 'ledger', ledger(KEYS[2], ARGV[1]), unpack(ARGV, 4))
            for field = 4, #ARGV, 2 do
              if ARGV[field] == 'apps' then
                count('accepted', ARGV[field + 1])
                count('replayed', ARGV[field + 1])
              end
            end
            write(KEYS[2])
            return 1""");

    /**
     * Removes a dead letter, unless it is gone; then it is. KEYS: stream of the letters, set of those that are gone; ARGV: key
     * of the letter, its id.
     */
    static final Script DISCARD = new Script(NOW + """
            if redis.call('ZADD', KEYS[2], 'NX', now, ARGV[1]) == 0 then return 0 end
            redis.call('XDEL', KEYS[1], ARGV[2])
            return 1""");

    /** Those that went within so many milliseconds. KEYS: set of the letters that are gone; ARGV: the milliseconds. */
    static final Script GONE_LATELY = new Script(NOW + """
            return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[1], '+inf')""");

    /** Deleting a consumer forgets what is pending on it: only when there is nothing. KEYS: stream; ARGV: group, name. */
    static final Script LEAVE = new Script("""
            if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return 0 end
            redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
            return 1""");

    private Scripts() {}
}

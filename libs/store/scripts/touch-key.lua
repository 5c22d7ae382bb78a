-- touch-key: change a key of ours that nobody reads, so that its tracking tells of it.
--
-- KEYS[1]      the key                                                          e.g. work:ext:wake:<id>
-- ARGV[1]      milliseconds that it lives
--
-- Returns      nothing that says anything
-- Cost         O(1)
redis.call('DEL', KEYS[1]) -- never refused, so that the rest runs at maxmemory too
return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])

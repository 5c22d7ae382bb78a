-- beat: write a pool's heartbeat, only while the pool is a member. It never makes it one: that would undo a fence.
--
-- KEYS[1]      worker_pools
-- KEYS[2]      heartbeat hash of the pool                            e.g. work:worker_pools:<P>
-- KEYS[3]      a scratch key of ours, never written                  e.g. work:ext:scratch
-- ARGV[1]      P
-- ARGV[2..]    field, value, field, value, …
--
-- Returns      1, or 0 if P is no member (fenced); Redis' time (seconds, microseconds)
-- Cost         O(1)
local time = redis.call('TIME')
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then return { 0, time[1], time[2] } end
redis.call('HLEN', KEYS[2]) -- a key of another type raises here, before anything is written
redis.call('DEL', KEYS[3]) -- never refused, so that the rest runs at maxmemory too
local written = redis.pcall('HSET', KEYS[2], unpack(ARGV, 2))
if type(written) == 'table' then return written end
return { 1, time[1], time[2] }

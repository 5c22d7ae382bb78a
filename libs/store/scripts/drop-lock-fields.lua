-- drop-lock-fields: take fields of pools that are gone out of lock_info and lock.
--
-- KEYS[1..3]   worker_pools, ext:pools, ext:reaping
-- KEYS[4]      a scratch key of ours, never written                  e.g. work:ext:scratch
-- KEYS[5..]    in-progress, lock, lock_info of each field
-- ARGV         pool id of each field
--
-- Returns      how many were dropped: those of pools that still stand in no set and hold nothing
-- Cost         O(fields of these lock_info)
redis.call('DEL', KEYS[4]) -- never refused, so that the rest runs at maxmemory too
local dropped = 0
for i, pool in ipairs(ARGV) do
  local at = 2 + 3 * i
  local held = redis.pcall('LLEN', KEYS[at])
  local stands = redis.call('SISMEMBER', KEYS[1], pool) + redis.call('HEXISTS', KEYS[2], pool) + redis.call('SISMEMBER', KEYS[3], pool)
  if held == 0 and stands == 0 and redis.pcall('HDEL', KEYS[at + 2], pool) == 1 then
    heal_lock(KEYS[at + 1], KEYS[at + 2])
    dropped = dropped + 1
  end
end
return dropped

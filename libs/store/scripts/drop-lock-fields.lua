-- drop-lock-fields: take fields of pools that are gone out of lock_info and lock.
--
-- KEYS[1..3]   worker_pools, ext:pools, ext:reaping
-- KEYS[4]      a scratch key of ours, never written                  e.g. work:ext:scratch
-- KEYS[5..]    in-progress, lock, lock_info of each field
-- ARGV         pool id of each field
--
-- Returns      how many were dropped: those of pools that still stand in no set and hold nothing
-- Cost         O(fields of these lock_info)
local worker_pools, pools, reaping, scratch = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- include shared/heal-lock.lua
-- include shared/stands-somewhere.lua

redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
local dropped = 0
for i, pool in ipairs(ARGV) do
  local in_progress, lock, lock_info = KEYS[3 * i + 2], KEYS[3 * i + 3], KEYS[3 * i + 4]
  local holds_nothing = redis.pcall('LLEN', in_progress) == 0
  if holds_nothing and not stands_somewhere(pool) and redis.pcall('HDEL', lock_info, pool) == 1 then
    heal_lock(lock, lock_info)
    dropped = dropped + 1
  end
end
return dropped

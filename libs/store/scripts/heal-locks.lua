-- heal-locks: make the lock of each job type the sum of its lock_info again, and name the fields of pools that are gone.
--
-- KEYS[1..3]   worker_pools, ext:pools, ext:reaping
-- KEYS[4]      a scratch key of ours, never written                  e.g. work:ext:scratch
-- KEYS[5..]    lock, lock_info of each job type
--
-- Returns      how many types were wrong; then, of each field of a pool in no set, number of the type (from 1) and pool id in
--              turn
-- Cost         O(fields)
local worker_pools, pools, reaping, scratch = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- include shared/heal-lock.lua
-- include shared/stands-somewhere.lua

redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
local reply = { 0 }
for at = 5, #KEYS, 2 do
  if heal_lock(KEYS[at], KEYS[at + 1]) then reply[1] = reply[1] + 1 end
  local ids = redis.pcall('HKEYS', KEYS[at + 1])
  for _, pool in ipairs(ids.err and {} or ids) do
    if not stands_somewhere(pool) then
      reply[#reply + 1] = (at - 3) / 2
      reply[#reply + 1] = pool
    end
  end
end
return reply

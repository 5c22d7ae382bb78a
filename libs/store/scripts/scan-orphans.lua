-- scan-orphans: one step of a scan for in-progress lists of pools that stand in no set.
--
-- KEYS[1..3]   worker_pools, ext:pools, ext:reaping
-- KEYS[4]      known_jobs
-- ARGV[1]      cursor, '0' to begin
-- ARGV[2]      pattern of the keys
-- ARGV[3]      what every queue's key begins with                    e.g. work:jobs:
-- ARGV[4]      about how many keys to walk
--
-- Returns      the next cursor ('0': all seen), then job type, pool id and SHA-1 of the oldest entry of each list in turn
-- Cost         O(keys walked), whatever they are
local worker_pools, pools, reaping, known_jobs = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local cursor, pattern, queue_prefix, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

-- include shared/is-alive.lua

local function is_claimed(pool)
  return redis.call('SISMEMBER', reaping, pool) == 1 or is_alive(pool)
end

local step = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', count)
local reply = { step[1] }
for _, key in ipairs(step[2]) do
  local name = string.sub(key, #queue_prefix + 1)
  local job, pool = string.match(name, '^(.+):([^:]+):inprogress$')
  -- a job type may be called like such a list
  if job and not is_claimed(pool) and redis.call('SISMEMBER', known_jobs, name) == 0 then
    local oldest = redis.pcall('LINDEX', key, -1)
    if type(oldest) == 'string' then
      reply[#reply + 1] = job
      reply[#reply + 1] = pool
      reply[#reply + 1] = redis.sha1hex(oldest)
    end
  end
end
return reply

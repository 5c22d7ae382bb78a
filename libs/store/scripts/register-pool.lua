-- register-pool: make a pool a member under an id never used before, and point the older ids of its process at it.
--
-- KEYS[1]      number of the pool's last call                        e.g. work:ext:call:<P>
-- KEYS[2]      heartbeat hash of the pool                            e.g. work:worker_pools:<P>
-- KEYS[3..6]   worker_pools, ext:pools, known_jobs, ext:limits
-- KEYS[7..]    heartbeat hash of each older id, then the max_concurrency of each job type that gives one
-- ARGV[1]      P
-- ARGV[2..4]   how many older ids, job names, and values of the heartbeat hash (field, value, field, …)
-- ARGV[5]      'begins', or 'rejoins': then a limit that was set since it began stays
-- ARGV[6..]    these three in this order, then the max_concurrency of each key above
--
-- Returns      Redis' time (seconds, microseconds), then the older ids that ext:pools still knew
-- Cost         O(job names + older ids)
local call_number, heartbeat = KEYS[1], KEYS[2]
local worker_pools, pools, known_jobs, limits = KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local pool, older_count, name_count, value_count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local begins = ARGV[5] == 'begins'
local names_at = 6 + older_count
local values_at = names_at + name_count
local limits_at = values_at + value_count

-- A key of the wrong type raises here, before anything is written.
redis.call('SISMEMBER', worker_pools, pool)
redis.call('HEXISTS', pools, pool)
redis.call('SISMEMBER', known_jobs, pool)
redis.call('HLEN', heartbeat)
redis.call('HLEN', limits)

redis.call('DEL', call_number) -- never refused, so that the rest runs at maxmemory too
for i = values_at, limits_at - 2, 2 do
  redis.call('HSET', heartbeat, ARGV[i], ARGV[i + 1]) -- before the id is visible: Go reaps at once an id without it
end
local joined = redis.pcall('SADD', worker_pools, pool)
if type(joined) == 'table' then -- not permitted: nobody would ever take the hash away
  redis.call('DEL', heartbeat)
  return joined
end
redis.call('HSET', pools, pool, pool)
for i = names_at, values_at - 1 do
  redis.call('SADD', known_jobs, ARGV[i])
end
for i = 7 + older_count, #KEYS do
  if begins or redis.call('HEXISTS', limits, KEYS[i]) == 0 then -- it is not there after FLUSHALL
    local limit = ARGV[limits_at + i - 7 - older_count]
    redis.call('SET', KEYS[i], limit)
    redis.call('HSET', limits, KEYS[i], limit)
  end
end

local reply = redis.call('TIME')
for i = 1, older_count do
  local older = ARGV[5 + i]
  redis.call('SREM', worker_pools, older)
  redis.call('DEL', KEYS[6 + i])
  if redis.call('HEXISTS', pools, older) == 1 then
    redis.call('HSET', pools, older, pool)
    reply[#reply + 1] = older
  end
end
return reply

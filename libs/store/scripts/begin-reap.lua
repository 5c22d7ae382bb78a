-- begin-reap: take a dead pool out of worker_pools into ext:reaping, or go on with one that is there, and say what it had.
--
-- KEYS[1]      worker_pools
-- KEYS[2]      ext:reaping
-- KEYS[3]      a scratch key of ours, never written                  e.g. work:ext:scratch
-- KEYS[4]      ext:pools
-- KEYS[5]      known_jobs
-- KEYS[6]      heartbeat hash of the pool                            e.g. work:worker_pools:<P>
-- KEYS[7]      for an orphan, one of its in-progress lists
-- ARGV[1]      P
-- ARGV[2]      why: 'dead' (its beat stopped), 'orphan' (in no set), 'continue' (named in ext:reaping)
-- ARGV[3]      dead: its heartbeat_at when judged, '' for none; orphan: SHA-1 of the oldest entry when first seen, '' for any
-- ARGV[4]      orphan: job type of KEYS[7]; joins known_jobs, so that every reaper finds the list
--
-- Returns      'reaping', its job_names, all known jobs, the ids that point at it, and 1 (one of ours) or 0 (Go's);
--              or 'alive' (its beat changed, or it is a member), 'back' (a member again), 'gone' (nothing to do)
-- Cost         O(known jobs + ids of ours)
local worker_pools, reaping, scratch, pools, known_jobs, heartbeat, list =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local pool, why, seen, job = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

-- include shared/is-alive.lua

local is_member = redis.call('SISMEMBER', worker_pools, pool) == 1
local is_reaped = redis.call('SISMEMBER', reaping, pool) == 1

if is_reaped then
  if is_member and why ~= 'dead' then
    redis.call('SREM', reaping, pool) -- Go adds itself again: it lives
    return { 'back' }
  end
elseif why == 'continue' then
  return { 'gone' }
end

if why == 'dead' then
  local beat = redis.pcall('HGET', heartbeat, 'heartbeat_at')
  if is_member and (type(beat) == 'string' and beat or '') ~= seen then return { 'alive' } end
  if not is_member and not is_reaped then return { 'gone' } end
elseif why == 'orphan' and not is_reaped then
  if is_alive(pool) then return { 'alive' } end
  if seen ~= '' then
    local oldest = redis.call('LINDEX', list, -1)
    if not oldest or redis.sha1hex(oldest) ~= seen then return { 'gone' } end
  end
end

-- Read before anything is written: a key of another type raises here.
local known, fields, is_ours =
  redis.call('SMEMBERS', known_jobs), redis.call('HGETALL', pools), redis.call('HEXISTS', pools, pool)

redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
redis.call('SADD', reaping, pool) -- before it leaves the other set: it must stand in one of them
redis.call('SREM', worker_pools, pool)
if why == 'orphan' and job ~= '' then
  redis.pcall('SADD', known_jobs, job)
  known[#known + 1] = job
end

local ids = {}
for i = 1, #fields, 2 do
  if fields[i + 1] == pool and fields[i] ~= pool then ids[#ids + 1] = fields[i] end
end
local names = redis.pcall('HGET', heartbeat, 'job_names')
return { 'reaping', type(names) == 'string' and names or '', known, ids, is_ours }

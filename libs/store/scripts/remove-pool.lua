-- remove-pool: forget a pool, only if none of its in-progress lists holds anything.
--
-- KEYS[1]      worker_pools
-- KEYS[2]      ext:reaping
-- KEYS[3]      ext:pools
-- KEYS[4..]    heartbeat hash, call number and suspects of each id; then in-progress, lock, lock_info of each list
-- ARGV[1]      why: 'stopped' (it says so itself), 'reaped' (named in ext:reaping), 'superseded' (an older id of one that
--              lives)
-- ARGV[2]      how many ids
-- ARGV[3..]    the ids: the pool itself, then those that point at it; then the id of each list
--
-- Returns      'removed'; or 'held' (a list is not empty), 'back' (a member, though reaped or superseded), 'gone' (not reaped)
-- Cost         O(lists + pools that ran the types it held)
local worker_pools, reaping, pools = KEYS[1], KEYS[2], KEYS[3]
local why, id_count, pool = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local lists_at = 4 + 3 * id_count

-- include shared/heal-lock.lua

-- A key of another type raises here, before anything is written.
local is_member = redis.call('SISMEMBER', worker_pools, pool) == 1
redis.call('HEXISTS', pools, pool)

if why ~= 'stopped' then
  if is_member then
    redis.call('SREM', reaping, pool)
    return 'back'
  end
  if why == 'reaped' and redis.call('SISMEMBER', reaping, pool) == 0 then return 'gone' end
end

-- An older id whose process has taken a new one meanwhile belongs to that process again.
local is_ours = { [pool] = true }
for i = 2, id_count do
  local id = ARGV[2 + i]
  is_ours[id] = (redis.call('HGET', pools, id) or pool) == pool
end

for at = lists_at, #KEYS, 3 do
  local id = ARGV[3 + id_count + (at - lists_at) / 3]
  local held = is_ours[id] and redis.pcall('LLEN', KEYS[at]) or 0
  if type(held) == 'number' and held > 0 then return 'held' end
end

for i = 1, id_count do
  local id, at = ARGV[2 + i], 1 + 3 * i
  if is_ours[id] then
    redis.call('DEL', KEYS[at], KEYS[at + 1], KEYS[at + 2]) -- first of all, so that the rest runs at maxmemory too
    redis.call('HDEL', pools, id)
  end
end
redis.call('SREM', worker_pools, pool)
redis.pcall('SREM', reaping, pool) -- not read where the pool has stopped

for at = lists_at, #KEYS, 3 do
  local id = ARGV[3 + id_count + (at - lists_at) / 3]
  if is_ours[id] and redis.pcall('HDEL', KEYS[at + 2], id) == 1 then heal_lock(KEYS[at + 1], KEYS[at + 2]) end
end
return 'removed'

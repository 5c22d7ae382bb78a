-- move-back: move entries of a pool that is being reaped to where they go, and read the next ones.
--
-- KEYS[1]      worker_pools
-- KEYS[2]      ext:reaping
-- KEYS[3]      ext:pools
-- KEYS[4]      dead
-- KEYS[5]      ext:quarantine
-- KEYS[6..]    in-progress, queue, lock, lock_info of each list and the suspects of its pool id; P's lists first, as they
--              are newer than those of ids that point at it
-- ARGV[1]      P
-- ARGV[2..3]   how many entries, and about how many bytes, to read at most
-- ARGV[4]      how many lists
-- ARGV[5..]    pool id of each list: P, or an id that points at it
-- then six for each entry: number of its list (from 1), what becomes of it, job id, score, bytes as they stand in the list,
--              bytes to write. 'back': to its queue. 'suspect': to dead if its pool named this job id as a suspect, else
--              to its queue as it stands. 'quarantined'. Entries come in the order in which they were read, newest first,
--              which is how a list stands from its head: so in the queue the oldest ends up last and runs first.
--
-- Returns      'reaping'; how many went back; numbers (from 1) of the entries that went to dead, of those whose target
--              refused them (they stay), and of those set aside; then the next entries, list number and bytes in turn. Or
--              'back' (P is a member again), or 'gone' (someone ended the reap)
-- Cost         O(entries moved and read + pools that ran these types)
local worker_pools, reaping, pools, dead, quarantine = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local pool, max_entries, max_bytes, list_count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local entries_at = 5 + list_count

-- include shared/heal-lock.lua

if redis.call('SISMEMBER', worker_pools, pool) == 1 then
  redis.call('SREM', reaping, pool)
  return { 'back' }
end
if redis.call('SISMEMBER', reaping, pool) == 0 then return { 'gone' } end

local function keys_of(list)
  local at = 1 + 5 * list
  return KEYS[at], KEYS[at + 1], KEYS[at + 2], KEYS[at + 3], KEYS[at + 4]
end

-- An older id whose process has taken a new one meanwhile belongs to that process again.
local is_ours = {}
for list = 1, list_count do
  local id = ARGV[4 + list]
  if is_ours[id] == nil then is_ours[id] = id == pool or (redis.call('HGET', pools, id) or pool) == pool end
end

-- How often each entry stands in the part of a list that was read: what someone else has moved or settled is not looked for
-- in the rest of it, which may be long.
local function multiset(in_progress, count)
  local present = redis.pcall('LRANGE', in_progress, 0, count - 1)
  local times = {}
  for _, bytes in ipairs(present.err and {} or present) do times[bytes] = (times[bytes] or 0) + 1 end
  return times
end

-- Answers like the command that writes: a table is an error.
local function write(becomes, queue, score, bytes)
  if becomes == 'back' then return redis.pcall('RPUSH', queue, bytes) end
  if becomes == 'dead' then return redis.pcall('ZADD', dead, score, bytes) end
  return redis.pcall('LPUSH', quarantine, bytes)
end

local entries_per_list = {}
for at = entries_at, #ARGV, 6 do
  local list = tonumber(ARGV[at])
  entries_per_list[list] = (entries_per_list[list] or 0) + 1
end

-- LREM is the first write: it is never refused, so that the rest runs at maxmemory too.
local back, dead_ones, refused, set_aside, moved_per_list, times_per_list = 0, {}, {}, {}, {}, {}
for at = entries_at, #ARGV, 6 do
  local list, becomes, job_id, score = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local old, new = ARGV[at + 4], ARGV[at + 5]
  local in_progress, queue, _, _, suspects = keys_of(list)
  local times = times_per_list[list] or multiset(in_progress, entries_per_list[list])
  times_per_list[list] = times
  if is_ours[ARGV[4 + list]] and (times[old] or 0) > 0 and redis.call('LREM', in_progress, 1, old) == 1 then
    times[old] = times[old] - 1
    if becomes == 'suspect' and redis.pcall('HEXISTS', suspects, job_id) == 1 then
      becomes = 'dead'
    elseif becomes == 'suspect' then
      becomes, new = 'back', old
    end
    local number = (at - entries_at) / 6 + 1
    if type(write(becomes, queue, score, new)) == 'table' then
      redis.call('LPUSH', in_progress, old)
      refused[#refused + 1] = number
    else
      moved_per_list[list] = (moved_per_list[list] or 0) + 1
      if becomes == 'dead' then dead_ones[#dead_ones + 1] = number end
      if becomes == 'back' then back = back + 1 end
      if becomes == 'quarantined' then set_aside[#set_aside + 1] = number end
    end
  end
end

for list, count in pairs(moved_per_list) do
  local in_progress, _, lock, lock_info = keys_of(list)
  local id = ARGV[4 + list]
  local info = redis.pcall('HGET', lock_info, id)
  if type(info) == 'string' then
    local held = math.min(math.max((tonumber(info) or 0) - count, 0), redis.call('LLEN', in_progress))
    redis.call('HSET', lock_info, id, held)
    heal_lock(lock, lock_info)
  end
end

local reply, read_entries, read_bytes = { 'reaping', back, dead_ones, refused, set_aside }, 0, 0
for list = 1, list_count do
  local in_progress, first = keys_of(list), 0
  while is_ours[ARGV[4 + list]] and read_entries < max_entries and read_bytes < max_bytes do
    local some = redis.pcall('LRANGE', in_progress, first, first + math.min(99, max_entries - read_entries - 1))
    if some.err or #some == 0 then break end
    for _, bytes in ipairs(some) do
      reply[#reply + 1] = list
      reply[#reply + 1] = bytes
      read_bytes = read_bytes + #bytes
    end
    read_entries, first = read_entries + #some, first + #some
  end
end
return reply

-- settle-and-fetch: settle jobs that ended, then take new ones, for one pool, once per call number.
--
-- KEYS[1]      set of pool ids: only a member takes jobs                        e.g. work:worker_pools
-- KEYS[2]      number of the pool's last call                                   e.g. work:ext:call:<pool>
-- KEYS[3..6]   retry, dead, scheduled (sorted sets), quarantine (list)
-- KEYS[7..]    list of a job's failed attempts, one for each settle that has an attempt
-- KEYS[..]     at the end, per queue: list, in-progress list, paused, lock, lock_info, max_concurrency
-- ARGV[1..2]   pool id, call number (rises with each call)
-- ARGV[3..4]   how many jobs are wanted; how many of these are to be fetched ahead, which no type with a limit is
-- ARGV[5..6]   seed for the draw, how many queues are named
-- ARGV[7..]    priority per queue; 0 = is only settled, neither looked at nor taken from
-- ARGV[..]     count of groups, per group of succeeded jobs: queue, count, bytes as fetched...
-- ARGV[..]     then per other settle: queue, outcome, bytes as fetched, score, new bytes, which attempt key (0 = none), line
--
-- Returns      { 'repeat', stored number }: the number is not above the stored one, nothing was changed
--              { 'ok' | 'fenced', number, gone, statuses per queue, jobs, errors, kept }: fenced takes no job, because the
--              pool is no member or an entry was gone; gone and kept are positions of settles, groups first; kept means that
--              its place refused it, so that it is in progress still; jobs are runs of queue, count, bytes... in the order
--              of the draw; errors are key and error, by turns
-- Cost         O(1) per job settled or taken where jobs end in about the order in which they came; O(pools) per type with a
--              limit
--
-- Raises only before its first write. From there on everything that can fail is a pcall, and its failure is undone and named.
local pools, call_key, quarantine = KEYS[1], KEYS[2], KEYS[6]
local sorted_sets = { retry = KEYS[3], dead = KEYS[4], scheduled = KEYS[5] }
local pool, number = ARGV[1], tonumber(ARGV[2])
local wanted, ahead, seed, queues = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local EMPTY, MORE, MORE_LIMITED, PAUSED, AT_LIMIT, BROKEN, SKIPPED = 0, 1, 2, 3, 4, 5, 6
local CHUNK = 1000 -- unpack fails at 8,000

local member = redis.call('SISMEMBER', pools, pool) == 1
local stored = redis.call('GET', call_key)
if stored and number <= (tonumber(stored) or 0) then
  return { 'repeat', tonumber(stored) }
end
redis.call('DEL', call_key) -- never refused, so that the rest runs at maxmemory too
redis.call('SET', call_key, ARGV[2], 'EX', 86400)

local gone, kept, errors, named, broken = {}, {}, {}, {}, {}

local function failed(key, reply)
  if type(reply) ~= 'table' or not reply.err then
    return false
  end
  if not named[key] then
    named[key] = true
    errors[#errors + 1] = key
    errors[#errors + 1] = reply.err
  end
  return true
end

local function integer(key, text)
  if not text then
    return 0
  end
  if not string.match(text, '^%-?%d+$') then
    failed(key, { err = 'ERR value is not an integer' })
    return nil
  end
  return tonumber(text)
end

local first_queue_key = #KEYS - 6 * queues
local function priority(queue) return tonumber(ARGV[6 + queue]) end
local function list(queue) return KEYS[first_queue_key + 6 * queue - 5] end
local function in_progress(queue) return KEYS[first_queue_key + 6 * queue - 4] end
local function paused(queue) return KEYS[first_queue_key + 6 * queue - 3] end
local function lock(queue) return KEYS[first_queue_key + 6 * queue - 2] end
local function lock_info(queue) return KEYS[first_queue_key + 6 * queue - 1] end
local function max_concurrency(queue) return KEYS[first_queue_key + 6 * queue] end

-- Both counters or neither. The lock never ends below 0.
local function count(queue, change)
  if change == 0 then
    return true
  end
  local held = redis.pcall('INCRBY', lock(queue), change)
  if failed(lock(queue), held) then
    return false
  end
  if failed(lock_info(queue), redis.pcall('HINCRBY', lock_info(queue), pool, change)) then
    redis.pcall('INCRBY', lock(queue), -change)
    return false
  end
  if held < 0 then
    redis.pcall('SET', lock(queue), 0)
  end
  return true
end

-- Settle ---------------------------------------------------------------------------------------------------------------

local removed, settled = {}, 0

-- From the tail, the oldest end, where jobs that end are.
local function remove(queue, bytes)
  settled = settled + 1
  local reply = redis.pcall('LREM', in_progress(queue), -1, bytes)
  if failed(in_progress(queue), reply) or reply == 0 then
    gone[#gone + 1] = settled
    return false
  end
  removed[queue] = (removed[queue] or 0) + 1
  return true
end

local function move(queue, outcome, bytes, score, new_bytes)
  if sorted_sets[outcome] then
    return not failed(sorted_sets[outcome], redis.pcall('ZADD', sorted_sets[outcome], score, new_bytes))
  elseif outcome == 'back' then
    return not failed(list(queue), redis.pcall('RPUSH', list(queue), bytes))
  elseif outcome == 'quarantined' then
    return not failed(quarantine, redis.pcall('LPUSH', quarantine, new_bytes))
  end
  return true
end

local function put_back(queue, bytes)
  redis.pcall('RPUSH', in_progress(queue), bytes)
  removed[queue] = removed[queue] - 1
  kept[#kept + 1] = settled
end

local function note_attempt(key, line)
  if not failed(key, redis.pcall('RPUSH', key, line)) then
    redis.pcall('LTRIM', key, -25, -1)
    redis.pcall('EXPIRE', key, 604800)
  end
end

-- What the pool holds of the type is what it counted less what it settled, but no more than its list shows.
local function release(queue, settles)
  local counted = redis.pcall('HGET', lock_info(queue), pool)
  local length = redis.pcall('LLEN', in_progress(queue))
  if failed(lock_info(queue), counted) or failed(in_progress(queue), length) then
    return
  end
  counted = integer(lock_info(queue), counted)
  if counted then
    count(queue, math.min(math.max(counted - settles, 0), length) - counted)
  end
end

local at = 7 + queues
for _ = 1, tonumber(ARGV[at]) do
  local queue, last = tonumber(ARGV[at + 1]), at + 2 + tonumber(ARGV[at + 2])
  for i = at + 3, last do
    remove(queue, ARGV[i])
  end
  at = last
end
for i = at + 1, #ARGV, 7 do
  local queue, outcome, bytes, score, new_bytes = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  if remove(queue, bytes) then
    if not move(queue, outcome, bytes, score, new_bytes) then
      put_back(queue, bytes)
    elseif ARGV[i + 5] ~= '0' then
      note_attempt(KEYS[6 + tonumber(ARGV[i + 5])], ARGV[i + 6])
    end
  end
end
for queue, settles in pairs(removed) do
  if settles > 0 then
    release(queue, settles)
  end
end

if not member or #gone > 0 then
  return { 'fenced', number, gone, {}, {}, errors, kept }
end

-- Look -----------------------------------------------------------------------------------------------------------------

-- How many jobs of a type with a limit run, by the pools' own counts; the lock, which only sums them up, is set to that.
local function held_by_all(queue)
  local key = lock_info(queue)
  local fields, written = redis.pcall('HGETALL', key), redis.pcall('GET', lock(queue))
  if failed(key, fields) or failed(lock(queue), written) then
    return nil
  end
  local sum = 0
  for i = 2, #fields, 2 do
    local held = integer(key, fields[i]) or 0
    if held < 0 then
      redis.pcall('HSET', key, fields[i - 1], 0)
    else
      sum = sum + held
    end
  end
  written = integer(lock(queue), written)
  if written and written ~= sum then
    redis.pcall('SET', lock(queue), sum)
  end
  return written and sum
end

-- How many may be taken, and whether a limit says so; nil where the limit or the counts cannot be read.
local function room(queue, length)
  local limit = redis.pcall('GET', max_concurrency(queue))
  if failed(max_concurrency(queue), limit) then
    return nil
  end
  limit = tonumber(limit or 0) or 0
  if limit == 0 then
    return length, false
  end
  local held = held_by_all(queue)
  local free = held and math.ceil(limit - held)
  return free and (free >= 1 and math.min(free, length) or 0), true
end

local statuses, lengths, rooms, limited = {}, {}, {}, {}
local function look(queue)
  local paused_keys = redis.pcall('EXISTS', paused(queue))
  if failed(paused(queue), paused_keys) then
    return BROKEN
  elseif paused_keys > 0 then
    return PAUSED
  end
  local length = redis.pcall('LLEN', list(queue))
  if failed(list(queue), length) then
    return BROKEN
  end
  if length == 0 and not removed[queue] then
    return EMPTY
  end
  lengths[queue] = length
  rooms[queue], limited[queue] = room(queue, length)
  if not rooms[queue] then
    return BROKEN
  end
  return length == 0 and EMPTY or rooms[queue] == 0 and AT_LIMIT or limited[queue] and MORE_LIMITED or MORE
end
for queue = 1, queues do
  statuses[queue] = priority(queue) > 0 and look(queue) or SKIPPED
end

-- Draw -----------------------------------------------------------------------------------------------------------------

local runs, shares = {}, {}
local function draw(jobs, with_limit)
  local open, total = {}, 0
  for queue = 1, queues do
    local free = statuses[queue] == MORE or (with_limit and statuses[queue] == MORE_LIMITED)
    if free and rooms[queue] > (shares[queue] or 0) then
      open[#open + 1] = queue
      total = total + priority(queue)
    end
  end
  while jobs > 0 and #open > 0 do
    local picked, taken = 1, 1
    if #open > 1 then
      local point = math.random() * total - priority(open[1])
      while point >= 0 and picked < #open do
        picked = picked + 1
        point = point - priority(open[picked])
      end
    else
      taken = math.min(jobs, rooms[open[1]] - (shares[open[1]] or 0))
    end
    local queue = open[picked]
    shares[queue] = (shares[queue] or 0) + taken
    jobs = jobs - taken
    if runs[#runs - 1] == queue then
      runs[#runs] = runs[#runs] + taken
    else
      runs[#runs + 1] = queue
      runs[#runs + 1] = taken
    end
    if shares[queue] >= rooms[queue] then
      total = total - priority(queue)
      table.remove(open, picked)
    end
  end
end
if wanted > 0 then
  math.randomseed(seed)
  draw(wanted - ahead, true)
  draw(ahead, false)
end

-- Take -----------------------------------------------------------------------------------------------------------------

-- Copy before removing: a chunk is in two places for a moment, never in none. Oldest first, both in what is answered and
-- in what is pushed, so that the in-progress list has its newest at the head, as gocraft/work's has.
local function take_chunk(queue, jobs)
  if not count(queue, jobs) then
    return nil
  end
  local newest_first = redis.pcall('LRANGE', list(queue), -jobs, -1)
  local chunk = {}
  for i = #newest_first, 1, -1 do
    chunk[#chunk + 1] = newest_first[i]
  end
  if failed(list(queue), newest_first) or failed(in_progress(queue), redis.pcall('LPUSH', in_progress(queue), unpack(chunk))) then
    count(queue, -jobs)
    return nil
  end
  if failed(list(queue), redis.pcall('LTRIM', list(queue), 0, -jobs - 1)) then
    for i = 1, #chunk do
      redis.pcall('LREM', in_progress(queue), 1, chunk[i])
    end
    count(queue, -jobs)
    return nil
  end
  return chunk
end

local taken_of = {}
for queue, share in pairs(shares) do
  local taken = {}
  while #taken < share do
    local chunk = take_chunk(queue, math.min(share - #taken, CHUNK))
    if not chunk then
      statuses[queue] = BROKEN
      break
    end
    for i = 1, #chunk do
      taken[#taken + 1] = chunk[i]
    end
  end
  taken_of[queue] = taken
  if statuses[queue] ~= BROKEN and #taken == rooms[queue] then
    statuses[queue] = #taken == lengths[queue] and EMPTY or AT_LIMIT
  end
end

local jobs, given = {}, {}
for i = 1, #runs, 2 do
  local queue = runs[i]
  local first = (given[queue] or 0) + 1
  local last = math.min(first + runs[i + 1] - 1, #taken_of[queue])
  if last >= first then
    jobs[#jobs + 1] = queue
    jobs[#jobs + 1] = last - first + 1
    for j = first, last do
      jobs[#jobs + 1] = taken_of[queue][j]
    end
    given[queue] = last
  end
end
return { 'ok', number, gone, statuses, jobs, errors, kept }

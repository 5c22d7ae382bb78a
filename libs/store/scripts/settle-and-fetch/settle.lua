-- The settles of the call, in the order of ARGV. `gone` and `kept` are positions of settles; `removed` counts per queue the
-- entries that left its in-progress list.
-- Needs: queues (how many), sorted_sets, quarantine, pool; queues, errors, counters

local KEPT_ATTEMPTS, ATTEMPT_SECONDS = 25, 604800 -- 7 days
local gone, kept, removed, settled = {}, {}, {}, 0

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
    redis.pcall('LTRIM', key, -KEPT_ATTEMPTS, -1)
    redis.pcall('EXPIRE', key, ATTEMPT_SECONDS)
  end
end

-- Answers where in ARGV the groups end.
local function settle_groups(at)
  for _ = 1, tonumber(ARGV[at]) do
    local queue, last = tonumber(ARGV[at + 1]), at + 2 + tonumber(ARGV[at + 2])
    for i = at + 3, last do
      remove(queue, ARGV[i])
    end
    at = last
  end
  return at
end

local function settle_others(at)
  for i = at, #ARGV, 7 do
    local queue, outcome, bytes, score, new_bytes = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
    local attempt_key, attempt = tonumber(ARGV[i + 5]), ARGV[i + 6]
    if remove(queue, bytes) then
      if not move(queue, outcome, bytes, score, new_bytes) then
        put_back(queue, bytes)
      elseif attempt_key > 0 then
        note_attempt(KEYS[7 + attempt_key], attempt)
      end
    end
  end
end

local function settle_all()
  settle_others(settle_groups(7 + 2 * queues) + 1)
  for queue, settles in pairs(removed) do
    if settles > 0 then
      release(queue, settles)
    end
  end
end

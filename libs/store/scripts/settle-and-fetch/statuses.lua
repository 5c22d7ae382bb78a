-- How each queue stands: `statuses` says so as in the reply, `rooms` how many jobs may be taken now of how many that wait
-- (`lengths`), `limited` whether a limit says so, `restored` whose limit was set again.
-- Needs: queues (how many); queues, errors, counters, settle

local EMPTY, MORE, MORE_LIMITED, PAUSED, AT_LIMIT, BROKEN, SKIPPED = 0, 1, 2, 3, 4, 5, 6
local statuses, lengths, rooms, limited, restored = {}, {}, {}, {}, {}

-- The limit of a type, 0 = none. A start of gocraft/work writes '0' for each type that it declares without one, and so lifts
-- what this pool declares; where one of ours lifts a limit, there is no key. Answers nil where it cannot be read.
local function upheld_limit(queue)
  local key, declared = max_concurrency(queue), declared_limit(queue)
  local limit = redis.pcall('GET', key)
  if failed(key, limit) then
    return nil
  end
  if limit ~= '0' or declared == 0 then
    return tonumber(limit or 0) or 0
  end
  if not failed(key, redis.pcall('SET', key, declared)) then
    restored[#restored + 1] = queue
  end
  return declared
end

-- How many may be taken, and whether a limit says so; nil where the limit or the counts cannot be read.
local function room(queue, length)
  local limit = upheld_limit(queue)
  if not limit then
    return nil
  elseif limit == 0 then
    return length, false
  end
  local held = held_by_all(queue)
  if held and held >= limit then
    release(queue, 0) -- a count that a settle once failed to lower would hold the limit for good
    held = held_by_all(queue)
  end
  local free = held and math.ceil(limit - held)
  return free and (free >= 1 and math.min(free, length) or 0), true
end

local function status_of(queue)
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

local function find_statuses()
  for queue = 1, queues do
    statuses[queue] = priority(queue) > 0 and status_of(queue) or SKIPPED
  end
end

-- How each queue stands: `statuses` says so as in the reply, `rooms` how many jobs may be taken now of how many that wait
-- (`lengths`), `limited` whether a limit says so, `foreign_limits` as in the reply.
-- Needs: queues (how many), limits; queues, errors, counters, settle

local EMPTY, MORE, MORE_LIMITED, PAUSED, AT_LIMIT, BROKEN, SKIPPED = 0, 1, 2, 3, 4, 5, 6
local statuses, lengths, rooms, limited, foreign_limits = {}, {}, {}, {}, {}

-- The limit of a type, 0 = none; nil where it cannot be read. A start of gocraft/work writes what it declares, '0' for each type
-- without a limit. In the place of that, or where nothing is, what a pool of ours last wrote is set again, where this pool
-- declares a limit, too: without that it may be of a pool long gone.
local function upheld_limit(queue)
  local key = max_concurrency(queue)
  local limit = redis.pcall('GET', key)
  local ours = declared_limit(queue) > 0 and redis.pcall('HGET', limits, key)
  if failed(key, limit) or failed(limits, ours) then
    return nil
  end
  limit, ours = tonumber(limit or 0) or 0, ours and tonumber(ours)
  if not ours or limit == ours then
    return limit
  end
  if limit == 0 and not failed(key, redis.pcall('SET', key, ours)) then
    limit = ours
  end
  table.insert(foreign_limits, { queue, limit, ours })
  return limit
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

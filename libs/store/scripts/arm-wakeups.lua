-- arm-wakeups: read what blocks each queue, so that Redis tells the tracking connection of its next change; and say which
-- queues are blocked no longer. Reading and arming are one step, so no change falls between them.
--
-- KEYS[1..n]   per queue what blocks it: 'empty' the list; 'paused' that key; 'at-limit' the lock, then max_concurrency
-- KEYS[n+1..]  sorted sets to be told of, which are only read
-- ARGV         per queue: 'empty', 'paused' or 'at-limit'
--
-- Returns      the positions of the queues that may have work now; one whose key is of another type is not among them
-- Cost         O(1) each
local is_free = {}

function is_free.empty(list)
  local length = redis.pcall('LLEN', list)
  return type(length) == 'number' and length > 0
end

function is_free.paused(paused)
  return redis.call('EXISTS', paused) == 0
end

is_free['at-limit'] = function(lock, max_concurrency)
  local held, limit = redis.pcall('GET', lock), redis.pcall('GET', max_concurrency)
  if type(held) == 'table' or type(limit) == 'table' then
    return false
  end
  held, limit = tonumber(held or 0) or 0, tonumber(limit or 0) or 0
  return limit == 0 or held < limit
end

local free, key = {}, 1
for queue = 1, #ARGV do
  if is_free[ARGV[queue]](KEYS[key], KEYS[key + 1]) then
    free[#free + 1] = queue
  end
  key = key + (ARGV[queue] == 'at-limit' and 2 or 1)
end
for i = key, #KEYS do
  redis.call('EXISTS', KEYS[i])
end
return free

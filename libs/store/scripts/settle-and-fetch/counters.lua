-- How many jobs of a type run: `lock` over all pools, and the pool's own field of `lock_info`.
-- Needs: pool; sum_lock_info; queues, errors

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

-- How many jobs of a type with a limit run, by the pools' own counts; the lock, which only sums them up, is set to that.
local function held_by_all(queue)
  local key = lock_info(queue)
  local fields, written = redis.pcall('HGETALL', key), redis.pcall('GET', lock(queue))
  if failed(key, fields) or failed(lock(queue), written) then
    return nil
  end
  local sum = sum_lock_info(key, fields, function(text) return integer(key, text) end)
  written = integer(lock(queue), written)
  if written and written ~= sum then
    redis.pcall('SET', lock(queue), sum)
  end
  return written and sum
end

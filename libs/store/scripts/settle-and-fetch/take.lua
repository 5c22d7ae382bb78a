-- The drawn jobs move from their queues to the pool's in-progress lists. `taken` holds those of each queue, oldest first.
-- Needs: queues, errors, counters, statuses, draw

local CHUNK = 1000 -- unpack fails at 8,000
local taken = {}

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

local function take_share(queue, share)
  local jobs = {}
  taken[queue] = jobs
  while #jobs < share do
    local chunk = take_chunk(queue, math.min(share - #jobs, CHUNK))
    if not chunk then
      statuses[queue] = BROKEN
      return
    end
    for i = 1, #chunk do
      jobs[#jobs + 1] = chunk[i]
    end
  end
  if #jobs == rooms[queue] then
    statuses[queue] = #jobs == lengths[queue] and EMPTY or AT_LIMIT
  end
end

local function take_all()
  for queue, share in pairs(shares) do
    take_share(queue, share)
  end
end

-- Runs of queue, count, bytes...; less where a queue gave less than was drawn.
local function jobs_in_order_of_draw()
  local jobs, given = {}, {}
  for i = 1, #runs, 2 do
    local queue = runs[i]
    local first = (given[queue] or 0) + 1
    local last = math.min(first + runs[i + 1] - 1, #taken[queue])
    if last >= first then
      jobs[#jobs + 1] = queue
      jobs[#jobs + 1] = last - first + 1
      for j = first, last do
        jobs[#jobs + 1] = taken[queue][j]
      end
      given[queue] = last
    end
  end
  return jobs
end

-- From which queue each job comes: drawn by priority, as gocraft/work does it, among those that have room. `runs` are queue
-- and count by turns, in the order of the draw; `shares` how many jobs each queue gives.
-- Needs: wanted, ahead, seed, queues (how many); queues, statuses

local runs, shares = {}, {}

local function open_queues(with_limit)
  local open, total = {}, 0
  for queue = 1, queues do
    local free = statuses[queue] == MORE or (with_limit and statuses[queue] == MORE_LIMITED)
    if free and rooms[queue] > (shares[queue] or 0) then
      open[#open + 1] = queue
      total = total + priority(queue)
    end
  end
  return open, total
end

-- Its place among the open ones.
local function pick(open, total)
  local picked = 1
  local point = math.random() * total - priority(open[1])
  while point >= 0 and picked < #open do
    picked = picked + 1
    point = point - priority(open[picked])
  end
  return picked
end

local function give(queue, count)
  shares[queue] = (shares[queue] or 0) + count
  if runs[#runs - 1] == queue then
    runs[#runs] = runs[#runs] + count
  else
    runs[#runs + 1] = queue
    runs[#runs + 1] = count
  end
end

local function draw(jobs, with_limit)
  local open, total = open_queues(with_limit)
  while jobs > 0 and #open > 0 do
    local picked = #open > 1 and pick(open, total) or 1
    local queue = open[picked]
    local count = #open > 1 and 1 or math.min(jobs, rooms[queue] - (shares[queue] or 0))
    give(queue, count)
    jobs = jobs - count
    if shares[queue] >= rooms[queue] then
      total = total - priority(queue)
      table.remove(open, picked)
    end
  end
end

local function draw_all()
  if wanted > 0 then
    math.randomseed(seed)
    draw(wanted - ahead, true)
    draw(ahead, false)
  end
end

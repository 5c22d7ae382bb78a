-- move-members: move jobs of a sorted set to the queues of their names, each only if it is still there.
--
-- KEYS[1]      sorted set of jobs                                       e.g. work:dead
-- KEYS[2]      a scratch key of ours, never written                     e.g. work:ext:scratch
-- KEYS[3]      set of all job names                                     e.g. work:known_jobs
-- KEYS[4..]    two for each job: its queue, and the mark that its periodic tick has fired (the scratch key where it has none)
-- ARGV         three for each job: its name, the member as it stands in the set, the bytes to push
--
-- Returns      for each job 'moved', 'gone' (no longer in the set), 'fired' (a tick that had fired already: dropped), or Redis'
--              error about its queue: then it stays where it is
-- Cost         O(log N) each
local FIRED_SECONDS = 3600
local set, scratch, known_jobs = KEYS[1], KEYS[2], KEYS[3]
redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too

local function move(queue, fired, name, member, bytes)
  if not redis.call('ZSCORE', set, member) then
    return 'gone'
  end
  local has_fired = fired ~= scratch and redis.call('EXISTS', fired) == 1
  if not has_fired then
    local pushed = redis.pcall('LPUSH', queue, bytes) -- copy before removing
    if type(pushed) == 'table' then
      return pushed.err
    end
    redis.pcall('SADD', known_jobs, name)
  end
  redis.call('ZREM', set, member)
  if fired ~= scratch and not has_fired then
    redis.call('SET', fired, '1', 'EX', FIRED_SECONDS)
  end
  return has_fired and 'fired' or 'moved'
end

local fates = {}
for i = 1, #ARGV / 3 do
  fates[i] = move(KEYS[2 * i + 2], KEYS[2 * i + 3], ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i])
end
return fates

-- move-due: move jobs of a sorted set (due ones, or dead ones) to their queues, each only if it is still there.
--
-- KEYS[1]      sorted set of jobs, score = epoch seconds                        e.g. work:scheduled
-- KEYS[2]      a scratch key of ours, never written                             e.g. work:ext:scratch
-- KEYS[3]      set of job names                                                 e.g. work:known_jobs
-- KEYS[4..]    two for each job below, in the same order: its queue, and the mark of the periodic tick that it is (the
--              scratch key where it is none)                                    e.g. work:ext:fired:periodic:...
-- ARGV[1]      seconds for which a mark is kept
-- ARGV[2..]    three for each job: member as it stands in the set; the same job with its new enqueue time, made by the
--              caller; the job's name
--
-- Returns      { moved, dropped, refused }: dropped are ticks whose mark was there, because they had been moved before;
--              refused are position and error by turns, their entries still stand in the set (the caller quarantines them);
--              the others had been moved by someone else
-- Cost         O(log N) each
local sorted_set, scratch, known_jobs = KEYS[1], KEYS[2], KEYS[3]
local moved, dropped, refused, names = 0, 0, {}, {}
redis.call('ZCARD', sorted_set) -- a key of another type raises here, before anything is written
redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too

local function fired_before(mark)
  return mark ~= scratch and not redis.call('SET', mark, '1', 'NX', 'EX', ARGV[1])
end

for i = 1, (#KEYS - 3) / 2 do
  local queue, mark = KEYS[2 * i + 2], KEYS[2 * i + 3]
  local member, job, name = ARGV[3 * i - 1], ARGV[3 * i], ARGV[3 * i + 1]
  if redis.call('ZSCORE', sorted_set, member) then
    if fired_before(mark) then
      redis.call('ZREM', sorted_set, member)
      dropped = dropped + 1
    else
      local pushed = redis.pcall('LPUSH', queue, job) -- copy before removing
      if type(pushed) == 'table' then
        redis.call('DEL', mark)
        refused[#refused + 1] = i
        refused[#refused + 1] = pushed.err
      else
        redis.call('ZREM', sorted_set, member)
        moved = moved + 1
        if not names[name] then
          names[name] = true
          redis.pcall('SADD', known_jobs, name) -- a broken set is named by every enqueue
        end
      end
    end
  end
end
return { moved, dropped, refused }

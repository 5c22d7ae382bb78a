-- enqueue: write the jobs of one numbered call of a producer; the same call once more changes nothing and answers the same.
--
-- At maxmemory it is refused as a whole, before anything is written: unlike the workers' scripts it begins with no DEL.
--
-- KEYS[1]     number and answers of the producer's last call        e.g. work:ext:producer:<producer>
-- KEYS[2]     set of all job names                                   e.g. work:known_jobs
-- KEYS[3..n]  for each write below its queue or sorted set, then where it is unique its uniqueness key
-- ARGV[1..2]  number of the call, above that of the call before; seconds that KEYS[1] lives
-- ARGV[3..]   how many job names must be known already, and these
-- ARGV[..]    how many job names there are in all, and these
-- ARGV[..]    then one of these for each write
--             'push', count, job…                                    at most 7,000 (unpack fails at 8,000)
--             'schedule', twice the count, score and job in turn…    at most 3,500
--             'push-unique', value, job                              value '' = the job itself
--             'schedule-unique', value, job, score
--
-- Returns     where a job name is not known that must be: { false, which of those names } and nothing is written; else
--             { one line for each write: 'ok', 'dup' (its uniqueness key was held) or Redis' error; Redis' TIME, both parts }
-- Cost        O(1) for a job pushed, O(log N) for one scheduled
local UNIQUE_SECONDS = 86400
local last_call, known_jobs = KEYS[1], KEYS[2]
local number, ttl_seconds = tonumber(ARGV[1]), ARGV[2]
local time = redis.call('TIME')

local stored = redis.call('GET', last_call)
if stored then
  local stored_number, stored_answers = string.match(stored, '^(%d+)\n(.*)$')
  if stored_number and tonumber(stored_number) >= number then
    return { stored_answers, time[1], time[2] }
  end
end

local at = 4
local names_at = at + tonumber(ARGV[3])
local unknown = {}
while at < names_at do
  if redis.call('SISMEMBER', known_jobs, ARGV[at]) == 0 then
    unknown[#unknown + 1] = at - 3
  end
  at = at + 1
end
if #unknown > 0 then
  return { false, unknown }
end
at = names_at + 1 + tonumber(ARGV[names_at])
redis.call('SADD', known_jobs, unpack(ARGV, names_at + 1, at - 1))

local function answer(reply)
  if type(reply) == 'table' and reply.err then
    return (string.gsub(reply.err, '[\r\n]', ' '))
  end
  return 'ok'
end

local function write_unique(unique_key, value, command, ...)
  local taken = redis.pcall('SET', unique_key, value, 'NX', 'EX', UNIQUE_SECONDS)
  if not taken then -- its time goes on: a key that no job holds any more must end, however often it is asked for
    local replaced = answer(redis.pcall('SET', unique_key, value, 'KEEPTTL'))
    return replaced == 'ok' and 'dup' or replaced
  elseif answer(taken) ~= 'ok' then
    return answer(taken)
  end
  local written = answer(redis.pcall(command, ...))
  if written ~= 'ok' then
    redis.pcall('DEL', unique_key) -- no job holds it
  end
  return written
end

local answers, key = {}, 3
while at <= #ARGV do
  local kind, target = ARGV[at], KEYS[key]
  if kind == 'push' or kind == 'schedule' then
    local last = at + 1 + tonumber(ARGV[at + 1])
    local command = kind == 'push' and 'LPUSH' or 'ZADD'
    answers[#answers + 1] = answer(redis.pcall(command, target, unpack(ARGV, at + 2, last)))
    key, at = key + 1, last + 1
  else
    local value, job = ARGV[at + 1], ARGV[at + 2]
    if value == '' then
      value = job
    end
    if kind == 'push-unique' then
      answers[#answers + 1] = write_unique(KEYS[key + 1], value, 'LPUSH', target, job)
      at = at + 3
    else
      answers[#answers + 1] = write_unique(KEYS[key + 1], value, 'ZADD', target, ARGV[at + 3], job)
      at = at + 4
    end
    key = key + 2
  end
end
local lines = table.concat(answers, '\n')
redis.call('SET', last_call, ARGV[1] .. '\n' .. lines, 'EX', ttl_seconds) -- after the effect: a call that raised did nothing
return { lines, time[1], time[2] }

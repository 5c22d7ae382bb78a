-- read-due: the jobs of a sorted set that are due, the earliest first, and when the next one is.
--
-- KEYS[1]      sorted set of waiting jobs, score = epoch seconds                e.g. work:retry
-- ARGV[1]      now, epoch seconds
-- ARGV[2]      how many jobs at most
-- ARGV[3]      how many bytes; the page of jobs that passes it is the last
--
-- Returns      { score of the first one not returned or '', member, score, member, score, ... }
-- Cost         O(log N + jobs returned); writes nothing
local waiting_set, now = KEYS[1], ARGV[1]
local max_jobs, max_bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local PAGE = 50 -- so that huge jobs are not read by the hundred
local reply, count, bytes = { '' }, 0, 0

local function first_score(from, to, offset)
  return redis.call('ZRANGEBYSCORE', waiting_set, from, to, 'WITHSCORES', 'LIMIT', offset, 1)[2] or ''
end

while count < max_jobs and bytes < max_bytes do
  local wanted = math.min(PAGE, max_jobs - count)
  local page = redis.call('ZRANGEBYSCORE', waiting_set, '-inf', now, 'WITHSCORES', 'LIMIT', count, wanted)
  for i = 1, #page do
    reply[#reply + 1] = page[i]
    bytes = bytes + #page[i]
  end
  count = count + #page / 2
  if #page / 2 < wanted then
    reply[1] = first_score('(' .. now, '+inf', 0)
    return reply
  end
end
reply[1] = first_score('-inf', '+inf', count)
return reply

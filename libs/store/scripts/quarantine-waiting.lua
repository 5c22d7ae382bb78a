-- quarantine-waiting: set entries of a sorted set aside, each only if it is still there.
--
-- KEYS[1]      sorted set of waiting jobs                                       e.g. work:retry
-- KEYS[2]      list of entries set aside                                        e.g. work:ext:quarantine
-- KEYS[3]      a scratch key of ours, never written                             e.g. work:ext:scratch
-- ARGV[2i-1]   member as it stands in the set
-- ARGV[2i]     what is kept of it, its note included
--
-- Returns      positions of those set aside; '', or Redis' error where the list refused one: then it and those behind it stay
-- Cost         O(log N) each
local waiting_set, quarantine, scratch = KEYS[1], KEYS[2], KEYS[3]
redis.call('ZCARD', waiting_set) -- a key of another type raises here, before anything is written
redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
local done = {}
for i = 1, #ARGV / 2 do
  local member, entry = ARGV[2 * i - 1], ARGV[2 * i]
  if redis.call('ZSCORE', waiting_set, member) then
    local pushed = redis.pcall('LPUSH', quarantine, entry) -- copy before removing
    if type(pushed) == 'table' then return { done, pushed.err } end
    redis.call('ZREM', waiting_set, member)
    done[#done + 1] = i
  end
end
return { done, '' }

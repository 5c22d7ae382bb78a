-- quarantine-waiting: set entries of a sorted set aside, each only if it is still there.
--
-- KEYS[1]      sorted set of waiting jobs                                       e.g. work:retry
-- KEYS[2]      list of entries set aside                                        e.g. work:ext:quarantine
-- KEYS[3]      a scratch key of ours, never written                             e.g. work:ext:scratch
-- ARGV[2i-1]   member as it stands in the set
-- ARGV[2i]     what is kept of it, its note included
--
-- Returns      { positions of those set aside }; an error reply where the list refused one, after those before it are done
-- Cost         O(log N) each
local waiting_set, quarantine = KEYS[1], KEYS[2]
redis.call('DEL', KEYS[3]) -- never refused, so that the rest runs at maxmemory too
local done = {}
for i = 1, #ARGV / 2 do
  local member, entry = ARGV[2 * i - 1], ARGV[2 * i]
  if redis.call('ZSCORE', waiting_set, member) then
    redis.call('LPUSH', quarantine, entry) -- copy before removing
    redis.call('ZREM', waiting_set, member)
    done[#done + 1] = i
  end
end
return done

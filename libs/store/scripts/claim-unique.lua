-- claim-unique: put the bytes that won a unique job's claim in the place of its entry, and free its key.
--
-- KEYS[1]  in-progress list that holds the entry          e.g. work:jobs:sync:<P>:inprogress
-- KEYS[2]  uniqueness key of the job                      e.g. work:unique:sync:{"a":1}\n
-- KEYS[3]  a scratch key of ours, never written           e.g. work:ext:scratch
-- ARGV[1]  the entry as it stands in the list
-- ARGV[2]  the entry that takes its place
-- ARGV[3]  '1' = take the key: claim only while its value is ARGV[4], and delete it
--          '0' = the key was gone: leave it alone, whoever owns it now
-- ARGV[4]  the value that was read
--
-- Returns  1             claimed, now or by an earlier call whose reply was lost
--          0             neither entry is in the list: the pool lost the job
--          { value }     another value stands in the key now; { } where it is gone. Nothing was changed
-- Cost     O(entries in the list)
local list, key, scratch = KEYS[1], KEYS[2], KEYS[3]
local entry, winner, takes_key, value = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]

local function is_there(bytes)
  return type(redis.pcall('LPOS', list, bytes)) == 'number'
end

if not is_there(entry) then
  return is_there(winner) and 1 or 0
end
if takes_key then
  local current = redis.pcall('GET', key)
  if current ~= value then
    return type(current) == 'string' and { current } or {}
  end
end
redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
redis.call('LPUSH', list, winner) -- copy before removing
redis.call('LREM', list, -1, entry)
if takes_key then
  redis.call('DEL', key)
end
return 1

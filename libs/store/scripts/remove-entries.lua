-- remove-entries: remove jobs from a list or a sorted set, free the uniqueness keys that they hold, and mark those that are
-- ticks of periodic jobs, so that no pool's next pass brings them back.
--
-- KEYS[1]    list or sorted set                                       e.g. work:scheduled
-- KEYS[2..]  entry by entry its uniqueness keys, then its mark        e.g. work:unique:mail:{"a":1}\n
-- ARGV[1]    seconds for which a mark is kept
-- ARGV[2..]  three for each entry: how many uniqueness keys, how many marks (0 or 1), its bytes
--
-- Returns    for each entry whether it was there and was removed, 1 or 0; only then its keys are touched
-- Cost       O(log N) each in a set, O(N) in a list
local target, mark_seconds = KEYS[1], ARGV[1]
local is_list = redis.call('TYPE', target).ok == 'list'

local function remove(bytes)
  if is_list then
    return redis.call('LREM', target, 1, bytes)
  end
  return redis.call('ZREM', target, bytes)
end

local key, removed = 2, {}
for i = 2, #ARGV, 3 do
  local marks_at = key + tonumber(ARGV[i])
  local next_key = marks_at + tonumber(ARGV[i + 1])
  local count = remove(ARGV[i + 2])
  if count > 0 then
    for at = key, marks_at - 1 do
      redis.call('DEL', KEYS[at])
    end
    for at = marks_at, next_key - 1 do
      redis.call('SET', KEYS[at], '1', 'EX', mark_seconds)
    end
  end
  key = next_key
  removed[#removed + 1] = count
end
return removed

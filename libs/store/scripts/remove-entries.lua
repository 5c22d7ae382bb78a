-- remove-entries: remove jobs from a list or a sorted set, and free the uniqueness keys that they hold.
--
-- KEYS[1]  list or sorted set                                        e.g. work:scheduled
-- KEYS[2..]  the uniqueness keys, entry by entry                     e.g. work:unique:mail:{"a":1}\n
-- ARGV     two for each entry: how many of these keys are its own, and its bytes
--
-- Returns  for each entry whether it was there and was removed, 1 or 0; only then its keys are deleted
-- Cost     O(log N) each in a set, O(N) in a list
local target, key, removed = KEYS[1], 2, {}
local is_list = redis.call('TYPE', target).ok == 'list'
for i = 1, #ARGV, 2 do
  local keys, bytes = tonumber(ARGV[i]), ARGV[i + 1]
  local count = is_list and redis.call('LREM', target, 1, bytes) or not is_list and redis.call('ZREM', target, bytes)
  if count > 0 and keys > 0 then
    redis.call('DEL', unpack(KEYS, key, key + keys - 1))
  end
  key = key + keys
  removed[#removed + 1] = count
end
return removed

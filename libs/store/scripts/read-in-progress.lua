-- read-in-progress: read what a pool has taken and not settled, so that no earlier call can change it any more.
--
-- KEYS[1]      set of pool ids                                        e.g. work:worker_pools
-- KEYS[2]      number of the pool's last call                         e.g. work:ext:call:<pool>
-- KEYS[3..]    in-progress lists of the pool
-- ARGV[1..2]   pool id, a number above that of every call the pool made before
--
-- Returns      { 1 = is a member, the number stored now, which is to be exceeded by the next call, lists, errors }: lists are
--              place and entries, newest first, of each list that is not empty; errors are key and error, by turns
-- Cost         O(entries)
-- include shared/call-number.lua

local member = redis.call('SISMEMBER', KEYS[1], ARGV[1])
local number = math.max(tonumber(ARGV[2]), tonumber(redis.call('GET', KEYS[2]) or 0) or 0)
keep_call_number(KEYS[2], string.format('%.0f', number))

local lists, errors = {}, {}
for i = 3, #KEYS do
  local entries = redis.pcall('LRANGE', KEYS[i], 0, -1)
  if entries.err then
    errors[#errors + 1] = KEYS[i]
    errors[#errors + 1] = entries.err
  elseif #entries > 0 then
    lists[#lists + 1] = i - 2
    lists[#lists + 1] = entries
  end
end
return { member, number, lists, errors }

-- find-entries: the entries in a part of a list or sorted set in which a text may stand, such as the id of a job.
--
-- It may where it does, or where the entry has a backslash, behind which a text can be written in other ways; a text that Go
-- writes as it is stands nowhere else.
--
-- KEYS[1]     list or sorted set                    e.g. work:jobs:mail
-- ARGV[1..2]  position of the first and the last entry to look at: of a list from its head, of a set from its highest score
-- ARGV[3]     the text
-- ARGV[4]     '1' where it is always written as it is
--
-- Returns     how many were looked at, then for each found its score ('' in a list) and bytes in turn; nothing of a key of
--             another type
-- Cost        O(bytes looked at), in a list also O(first position)
local source, first, last, text, is_plain = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local kind = redis.call('TYPE', source).ok
local entries, step = {}, 1
if kind == 'list' then
  entries = redis.call('LRANGE', source, first, last)
elseif kind == 'zset' then
  entries, step = redis.call('ZREVRANGE', source, first, last, 'WITHSCORES'), 2
end

local found = { #entries / step }
for i = 1, #entries, step do
  local entry = entries[i]
  if string.find(entry, text, 1, true) or not is_plain and string.find(entry, '\\', 1, true) then
    found[#found + 1] = step == 2 and entries[i + 1] or ''
    found[#found + 1] = entry
  end
end
return found

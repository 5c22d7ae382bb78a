-- list-quarantined: a page of the quarantine, of each entry no more than its beginning.
--
-- KEYS[1]     quarantine list                          e.g. work:ext:quarantine
-- ARGV[1..2]  positions of the first and the last entry
-- ARGV[3]     how many bytes of each at most
--
-- Returns     length of the list, then for each entry its SHA-1, its length and its beginning in turn
-- Cost        O(bytes of the page's entries)
local quarantine, first, last, max_bytes = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local page = { redis.call('LLEN', quarantine) }
for _, entry in ipairs(redis.call('LRANGE', quarantine, first, last)) do
  page[#page + 1] = redis.sha1hex(entry)
  page[#page + 1] = #entry
  page[#page + 1] = string.sub(entry, 1, max_bytes)
end
return page

-- observe: write what workers run now, each record as a whole.
--
-- Each record is deleted before it is written, so that no field of the job before (its checkin) shows on the next one.
--
-- KEYS[i]  record of a worker                                   e.g. work:worker:<W>
-- ARGV[1]  seconds until a record that nobody renews goes away
-- ARGV     then for each KEYS[i]: how many of the following arguments are its fields and values in turn (0 = idle), and these
--
-- Returns  how many records were written; the others were deleted
-- Cost     O(records)
local expire_seconds, at, written = ARGV[1], 2, 0
for i = 1, #KEYS do
  local record, size = KEYS[i], tonumber(ARGV[at])
  redis.call('DEL', record) -- also never refused, so that the rest runs at maxmemory too
  if size > 0 then
    redis.call('HSET', record, unpack(ARGV, at + 1, at + size))
    redis.call('EXPIRE', record, expire_seconds)
    written = written + 1
  end
  at = at + 1 + size
end
return written

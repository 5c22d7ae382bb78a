-- The number of a pool's last call, kept for a day: for longer than a call is repeated.
-- Needs: nothing
local CALL_NUMBER_SECONDS = 86400

local function keep_call_number(key, number)
  redis.call('DEL', key) -- never refused, so that the rest runs at maxmemory too
  redis.call('SET', key, number, 'EX', CALL_NUMBER_SECONDS)
end

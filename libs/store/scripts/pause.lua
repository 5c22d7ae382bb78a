-- pause: stop the jobs of a type from being taken, also at maxmemory, where a plain SET is refused.
--
-- KEYS[1]  presence pauses         e.g. work:jobs:mail:paused
--
-- Returns  1 if it was not paused before, else 0
-- Cost     O(1)
local was_paused = redis.call('DEL', KEYS[1]) -- never refused, so that the SET is not either
redis.call('SET', KEYS[1], '1')
return 1 - was_paused

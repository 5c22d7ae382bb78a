-- delete-set: delete a sorted set, and say how many were in it.
--
-- KEYS[1]  sorted set                       e.g. work:dead
--
-- Returns  how many were in it; raises, with nothing deleted, where the key is of another type
-- Cost     O(1)
local members = redis.call('ZCARD', KEYS[1])
redis.call('UNLINK', KEYS[1])
return members

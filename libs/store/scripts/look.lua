-- look: who is a member, and the heartbeats of some of them. A script so that no replica answers it, which may be behind.
--
-- KEYS[1..3]   worker_pools, ext:pools, ext:reaping
-- KEYS[4..]    heartbeat hash of each pool to look at
--
-- Returns      ids that are members; ids of ours; ids whose jobs are being moved back; heartbeat_at of each pool (nil: none)
-- Cost         O(pools)
local beats = {}
for i = 4, #KEYS do
  local beat = redis.pcall('HGET', KEYS[i], 'heartbeat_at')
  beats[i - 3] = type(beat) == 'string' and beat or false
end
return { redis.call('SMEMBERS', KEYS[1]), redis.call('HKEYS', KEYS[2]), redis.call('SMEMBERS', KEYS[3]), beats }

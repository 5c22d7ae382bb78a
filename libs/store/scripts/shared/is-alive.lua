-- Whether a pool is a member, or is the older id of one that is.
-- Needs: worker_pools, pools
local function is_alive(pool)
  if redis.call('SISMEMBER', worker_pools, pool) == 1 then return true end
  local lives_as = redis.call('HGET', pools, pool)
  return lives_as and redis.call('SISMEMBER', worker_pools, lives_as) == 1
end

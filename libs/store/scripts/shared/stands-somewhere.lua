-- Whether a pool stands in a set. One that does not is gone, or one of Go's that has not made its first beat.
-- Needs: worker_pools, reaping, pools
local function stands_somewhere(pool)
  return redis.call('SISMEMBER', worker_pools, pool) == 1
    or redis.call('SISMEMBER', reaping, pool) == 1
    or redis.call('HEXISTS', pools, pool) == 1
end
stands_somewhere('') -- a key of another type raises here, before anything is written

-- name-suspect: write down that a pool is about to start a job that was already recovered more than once.
--
-- Whoever reaps the pool counts one more recovery only for a job that is named here: one that was merely running beside
-- it is innocent.
--
-- KEYS[1]  the pools that live                               e.g. work:worker_pools
-- KEYS[2]  hash of the pool's suspects: job id -> since when  e.g. work:ext:suspect:<P>
-- KEYS[3]  a scratch key of ours, never written               e.g. work:ext:scratch
-- ARGV[1]  P
-- ARGV[2]  the job's id
-- ARGV[3]  now, in epoch seconds
--
-- Returns  1 named, 0 the pool lives no more: whoever reaped it has the job
-- Cost     O(1)
local worker_pools, suspects, scratch = KEYS[1], KEYS[2], KEYS[3]
local pool, job_id, now = ARGV[1], ARGV[2], ARGV[3]

if redis.call('SISMEMBER', worker_pools, pool) == 0 then
  return 0
end
redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
if type(redis.pcall('HSET', suspects, job_id, now)) == 'table' then
  redis.call('DEL', suspects) -- our own key, overwritten by something else
  redis.call('HSET', suspects, job_id, now)
end
return 1

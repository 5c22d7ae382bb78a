-- settle-and-fetch: settle jobs that ended, then take new ones, for one pool, once per call number.
--
-- KEYS[1]      set of pool ids: only a member takes jobs                        e.g. work:worker_pools
-- KEYS[2]      number of the pool's last call                                   e.g. work:ext:call:<pool>
-- KEYS[3..6]   retry, dead, scheduled (sorted sets), quarantine (list)
-- KEYS[7]      what pools of ours last wrote as limits (hash)                   e.g. work:ext:limits
-- KEYS[8..]    list of a job's failed attempts, one for each settle that has an attempt
-- KEYS[..]     at the end, per queue: list, in-progress list, paused, lock, lock_info, max_concurrency
-- ARGV[1..2]   pool id, call number (rises with each call)
-- ARGV[3..4]   how many jobs are wanted; how many of these are to be fetched ahead, which no type with a limit is
-- ARGV[5..6]   seed for the draw, how many queues are named
-- ARGV[7..]    priority per queue; 0 = is only settled, neither looked at nor taken from
-- ARGV[..]     limit per queue that the pool declares, 0 = none
-- ARGV[..]     count of groups, per group of succeeded jobs: queue, count, bytes as fetched...
-- ARGV[..]     then per other settle: queue, outcome, bytes as fetched, score, new bytes, which attempt key (0 = none), line
--
-- Returns      { 'repeat', stored number }: the number is not above the stored one, nothing was changed
--              { 'ok' | 'fenced', number, gone, statuses per queue, jobs, errors, kept, foreign limits }: fenced takes no job, because
--              the pool is no member or an entry was gone; gone and kept are positions of settles, groups first; kept means that
--              its place refused it, so that it is in progress still; jobs are runs of queue, count, bytes... in the order
--              of the draw; errors are key and error, by turns; foreign limits are { queue, limit in force, what
--              ours last wrote } of each that something else had changed: equal where it was set again
-- Cost         O(1) per job settled or taken where jobs end in about the order in which they came; O(pools) per type with a
--              limit
--
-- Raises only before its first write. From there on everything that can fail is a pcall, and its failure is undone and named.
local worker_pools, call_key, quarantine, limits = KEYS[1], KEYS[2], KEYS[6], KEYS[7]
local sorted_sets = { retry = KEYS[3], dead = KEYS[4], scheduled = KEYS[5] }
local pool, number = ARGV[1], tonumber(ARGV[2])
local wanted, ahead, seed, queues = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

-- include shared/call-number.lua
-- include shared/sum-lock-info.lua
-- include settle-and-fetch/queues.lua
-- include settle-and-fetch/errors.lua
-- include settle-and-fetch/counters.lua
-- include settle-and-fetch/settle.lua
-- include settle-and-fetch/statuses.lua
-- include settle-and-fetch/draw.lua
-- include settle-and-fetch/take.lua

local member = redis.call('SISMEMBER', worker_pools, pool) == 1
local stored = redis.call('GET', call_key)
if stored and number <= (tonumber(stored) or 0) then
  return { 'repeat', tonumber(stored) }
end
keep_call_number(call_key, ARGV[2])

settle_all()
if not member or #gone > 0 then
  return { 'fenced', number, gone, {}, {}, errors, kept, {} }
end
find_statuses()
draw_all()
take_all()
return { 'ok', number, gone, statuses, jobs_in_order_of_draw(), errors, kept, foreign_limits }

-- The queues that the call names, by their place in it: priority, declared limit, and keys at the end of KEYS.
-- Needs: queues (how many)

local first_queue_key = #KEYS - 6 * queues
local function priority(queue) return tonumber(ARGV[6 + queue]) end
local function declared_limit(queue) return tonumber(ARGV[6 + queues + queue]) end
local function list(queue) return KEYS[first_queue_key + 6 * queue - 5] end
local function in_progress(queue) return KEYS[first_queue_key + 6 * queue - 4] end
local function paused(queue) return KEYS[first_queue_key + 6 * queue - 3] end
local function lock(queue) return KEYS[first_queue_key + 6 * queue - 2] end
local function lock_info(queue) return KEYS[first_queue_key + 6 * queue - 1] end
local function max_concurrency(queue) return KEYS[first_queue_key + 6 * queue] end

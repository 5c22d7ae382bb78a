-- take-quarantined: read, remove or put back one entry of the quarantine, found by its SHA-1 in a part of the list.
--
-- KEYS[1]     quarantine list                                              e.g. work:ext:quarantine
-- KEYS[2]     set of all job names                                         e.g. work:known_jobs
-- KEYS[3]     a scratch key of ours, never written                         e.g. work:ext:scratch
-- KEYS[4]     queue that it goes to; only to put it back                   e.g. work:jobs:mail
-- ARGV[1..2]  positions of the first and the last entry to look at
-- ARGV[3]     SHA-1 of the entry
-- ARGV[4..6]  'read' or 'remove'; or 'put-back', name of the job, bytes to push
--
-- Returns     { 'absent', how many were looked at }; { 'read', the entry }; { 'done' }; or { 'refused', Redis' error about
--             the queue }: then it stays where it is
-- Cost        O(bytes of the entries looked at)
local quarantine, known_jobs, scratch, queue = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local digest, action, name, bytes = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local entries = redis.call('LRANGE', quarantine, ARGV[1], ARGV[2])
local found
for _, entry in ipairs(entries) do
  found = found or redis.sha1hex(entry) == digest and entry
end
if not found then
  return { 'absent', #entries }
elseif action == 'read' then
  return { 'read', found }
end
redis.call('DEL', scratch) -- never refused, so that the rest runs at maxmemory too
if action == 'put-back' then
  local pushed = redis.pcall('LPUSH', queue, bytes) -- copy before removing
  if type(pushed) == 'table' then
    return { 'refused', pushed.err }
  end
  redis.pcall('SADD', known_jobs, name)
end
redis.call('LREM', quarantine, 1, found)
return { 'done' }

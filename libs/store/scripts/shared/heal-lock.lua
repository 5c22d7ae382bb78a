-- Writes the sum of a lock_info hash to its lock, which gocraft keeps equal to it. Leaves alone what is no lock: a job type
-- may be called "x:lock". Returns whether anything was wrong.
-- Needs: nothing
-- include shared/sum-lock-info.lua

local function integer_text(text)
  return string.match(text, '^%-?%d+$') and tonumber(text)
end

local function heal_lock(lock, lock_info)
  local fields, current = redis.pcall('HGETALL', lock_info), redis.pcall('GET', lock)
  if fields.err or type(current) == 'table' then return false end
  local sum, raised = sum_lock_info(lock_info, fields, integer_text)
  local text = string.format('%.0f', sum)
  if current == text or (not current and sum == 0) then return raised end
  redis.call('SET', lock, text)
  return true
end

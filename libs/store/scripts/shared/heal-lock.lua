-- Writes the sum of a lock_info hash to its lock, which gocraft keeps equal to it, and raises negative fields to 0. Leaves
-- alone what is no lock: a job type may be called "x:lock". Returns whether anything was wrong.
local function heal_lock(lock, lock_info)
  local fields, current = redis.pcall('HGETALL', lock_info), redis.pcall('GET', lock)
  if fields.err or type(current) == 'table' then return false end
  local sum, healed = 0, false
  for i = 1, #fields, 2 do
    local held = string.match(fields[i + 1], '^%-?%d+$') and tonumber(fields[i + 1]) or 0
    if held < 0 then
      redis.call('HSET', lock_info, fields[i], 0)
      healed = true
    else
      sum = sum + held
    end
  end
  local text = string.format('%.0f', sum)
  if current == text or (not current and sum == 0) then return healed end
  redis.call('SET', lock, text)
  return true
end

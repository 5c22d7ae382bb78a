-- The sum of what the pools hold of a job type, by the fields of its lock_info; negative ones are raised to 0. `integer` reads
-- a field. Answers also whether one was raised.
-- Needs: nothing
local function sum_lock_info(lock_info, fields, integer)
  local sum, raised = 0, false
  for i = 1, #fields, 2 do
    local held = integer(fields[i + 1]) or 0
    if held < 0 then
      redis.pcall('HSET', lock_info, fields[i], 0)
      raised = true
    else
      sum = sum + held
    end
  end
  return sum, raised
end

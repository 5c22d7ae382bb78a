-- Keys that could not be used: each is named once, with what Redis said of it.
-- Needs: nothing

local errors, named = {}, {}

-- Whether what pcall answered is an error.
local function failed(key, reply)
  if type(reply) ~= 'table' or not reply.err then
    return false
  end
  if not named[key] then
    named[key] = true
    errors[#errors + 1] = key
    errors[#errors + 1] = reply.err
  end
  return true
end

-- 0 where nothing is stored; nil, and the key is named, where it is no integer.
local function integer(key, text)
  if not text then
    return 0
  end
  if not string.match(text, '^%-?%d+$') then
    failed(key, { err = 'ERR value is not an integer' })
    return nil
  end
  return tonumber(text)
end

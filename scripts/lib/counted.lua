-- A number with its noun: "1 run", "3 runs".

---@param count integer
---@param noun string  in the singular
---@return string
return function(count, noun) return ("%d %s%s"):format(count, noun, count == 1 and "" or "s") end

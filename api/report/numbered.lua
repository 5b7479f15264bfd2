-- What stands before a line of a code block whose lines have numbers: the number, and a mark at the line to look at.

---@param block table  of the kind "code"
---@param index integer
---@param gap string  after the number
---@return string  "" when lines have no numbers
return function(block, index, gap)
    if not block.first_line then return "" end
    local number = block.first_line + index - 1
    local width = #("%d"):format(block.first_line + #block.lines - 1)
    local mark = block.marked == number and ">" or " "
    return ("%s %s%d%s"):format(mark, (" "):rep(width - #("%d"):format(number)), number, gap)
end

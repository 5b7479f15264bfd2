-- Long text, for a person in front of a terminal.
local M = {}

-- Terminals that do not say how many lines they have.
local default_lines = 24

--- Shows text with $PAGER, or less, where a person sits in front of it and it is longer than a screen; otherwise prints
--- it. An empty $PAGER, or "cat", is no pager.
---@param text string
function M.show(text)
    local pager = os.getenv("PAGER") or "less"
    local is_seen = term.is_terminal("stdout") and term.is_terminal("stdin")
    local lines = select(2, text:gsub("\n", "\n"))
    if not is_seen or pager == "" or pager == "cat" or lines < (tonumber(os.getenv("LINES")) or default_lines) then
        return io.write(text)
    end
    io.flush()
    local child = io.popen(("LESS=${LESS:-FRX} %s"):format(pager), "w")
    child:write(text)
    local ended_well = child:close()
    if not ended_well then io.write(text) end
end

return M

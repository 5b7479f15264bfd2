-- The Lua half of `line_editor`: completions are found by a Lua function, which may wait.
local native = ...

local Editor = native.Editor

function Editor:read(prompt, complete)
    uhost.check_argument(prompt, "prompt", "line_editor.Editor:read", "string")
    if complete ~= nil then uhost.check_argument(complete, "complete", "line_editor.Editor:read", "function") end
    while true do
        local kind, text, cursor = native.next_event(self, prompt)
        if kind ~= "completion" then return text end
        local insertion, listing
        if complete then insertion, listing = complete(text, cursor) end
        native.complete(self, insertion or "", listing or "")
    end
end

return { open = native.open }

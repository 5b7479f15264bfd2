-- The Lua half of `line_editor`: completions are found by a Lua function, which may wait.
local native = ...

local Editor = native.Editor
local next_event, complete_native, remember = Editor.next_event, Editor.complete, Editor.remember

function Editor:read(prompt, complete)
    uhost.check_argument(prompt, "prompt", "line_editor.Editor:read", "string")
    if complete ~= nil then uhost.check_argument(complete, "complete", "line_editor.Editor:read", "function") end
    while true do
        local kind, text, cursor = next_event(self, prompt)
        if kind ~= "completion" then return text end
        local insertion, listing
        if complete then insertion, listing = complete(text, cursor) end
        complete_native(self, insertion or "", listing or "")
    end
end

function Editor:remember(entry) return remember(self, entry) end

return { open = native.open }

local definitions = require("lib.definitions")

-- What each room binds: its public functions by name.
local function bound(room)
    local names = {}
    for name, value in pairs(_G[room] or {}) do
        if type(value) == "function" then names[room .. "." .. name] = true end
    end
    return names
end

describe("every primitive", function()
    local api = uhost.share .. "/api"
    for entry in io.popen("ls " .. api):lines() do
        local path = ("%s/%s/definition.lua"):format(api, entry)
        if entry ~= "README.md" then
            it(entry .. " documents what it binds, and binds what it documents", function()
                local room = definitions.read(path)
                assert.equal(entry, room.name)
                local documented, expected = {}, bound(entry)
                for _, definition in ipairs(room.functions) do
                    if definition.name:match("^" .. entry .. "%.[%l_%d]+$") then documented[definition.name] = true end
                    assert.is_true(#definition.summary > 10, definition.name .. " has no description")
                end
                assert.same(expected, documented)
            end)
        end
    end
end)

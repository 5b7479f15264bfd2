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
        local folder = ("%s/%s"):format(api, entry)
        if entry ~= "README.md" then
            it(entry .. " documents what it binds, and binds what it documents", function()
                local room = definitions.read(folder)
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

-- What an object offers, by name.
local function methods(object)
    local names = {}
    local class = debug.getregistry()["uhost.classes"][getmetatable(object)]
    for name, value in pairs(class or debug.getmetatable(object).__index) do
        if type(value) == "function" and not name:match("^_") then names[name] = true end
    end
    return names
end

-- The methods of a class as its room describes them.
local function documented_methods(room, class)
    local documented, prefix = {}, class .. ":"
    for _, definition in ipairs(definitions.read(uhost.share .. "/api/" .. room).functions) do
        if definition.name:sub(1, #prefix) == prefix then
            local name = definition.name:sub(#prefix + 1)
            assert.is_nil(documented[name], name .. " is documented twice")
            documented[name] = true
        end
    end
    return documented
end

describe("github.Repository", function()
    it("documents what it offers, and offers what it documents", function()
        assert.same(methods(github.repository("o/n")), documented_methods("github", "github.Repository"))
    end)
end)

describe("kb.Base", function()
    it("documents what it offers, and offers what it documents", function()
        assert.same(methods(require("uhost.kb.base").new({}, {}, kb)), documented_methods("kb", "kb.Base"))
    end)
end)

describe("a definition", function()
    it("may go on in a folder of its own, with what it says of one class in several files", function()
        local folder = fs.temp_dir()
        task.finally(function()
            local path = folder:path()
            fs.mkdir(path .. "/definition")
            local head = "---@meta uhost.x\n--- Things.\n---@class uhost.x\nx = {}\n\n--- One.\nfunction x.one() end\n"
            fs.write(path .. "/definition.lua", head)
            for _, name in ipairs({ "b", "a" }) do
                fs.write(("%s/definition/%s.lua"):format(path, name), ([[
---@meta uhost.x
---@class x.Thing
local Thing = {}
--- Does %s.
function Thing:%s() end
]]):format(name, name))
            end
            fs.write(path .. "/definition/README.md", "function x.none() end")
            local room, names = definitions.read(path), {}
            for i, definition in ipairs(room.functions) do names[i] = definition.name end
            assert.equal("x", room.name)
            assert.equal("Things.", room.summary)
            assert.same({ "x.one", "x.Thing:a", "x.Thing:b" }, names)
        end, function() folder:close() end)
    end)
end)

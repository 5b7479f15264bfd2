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
    local names, class = {}, debug.getregistry()["uhost.classes"][getmetatable(object)]
    for name, value in pairs(class or debug.getmetatable(object).__index) do
        if type(value) == "function" and not name:match("^_") then names[name] = true end
    end
    return names
end

-- The methods that the definitions describe, by class.
local function documented_methods()
    local classes = {}
    for _, primitive in ipairs(definitions.all()) do
        for _, definition in ipairs(primitive.functions) do
            local class, name = definition.name:match("^(.+):(.+)$")
            if class then
                classes[class] = classes[class] or {}
                assert.is_nil(classes[class][name], definition.name .. " is documented twice")
                classes[class][name] = true
            end
        end
    end
    return classes
end

-- An object of each class that the definitions describe.
local objects = {
    ["db.Connection"] = function() return db.open(":memory:") end,
    ["db.Lease"] = function()
        return db.open(":memory:"):lease(nil, {}, function(lease) return lease end)
    end,
    ["db.Queue"] = function() return db.queue{ table = "jobs" } end,
    ["fs.Watch"] = function() return fs.watch({ "." }) end,
    ["build.SubmittedJob"] = function() return build.submit{ executor = "local", cmd = { "true" } } end,
    ["fs.TempFolder"] = function() return fs.temp_dir() end,
    ["git.Repository"] = function() return git.init(fs.temp_dir():path()) end,
    ["github.List"] = function() return github.repository("o/n"):labels() end,
    ["github.Repository"] = function() return github.repository("o/n") end,
    ["kb.Base"] = function() return require("uhost.kb.base").new({}, {}, kb) end,
    ["kb.Matcher"] = function() return kb.compile({ { match = "x" } }) end,
    ["line_editor.Editor"] = function() return line_editor.open() end,
    ["log_text.Log"] = function() return log_text.open({ text = "x" }) end,
    ["logs.Lock"] = function()
        local store = logs.open(fs.temp_dir():path())
        local writer = store:writer()
        local segment = writer:add(log_text.open({ text = "x" })).segment
        writer:close()
        return store:lock(segment)
    end,
    ["logs.Store"] = function() return logs.open() end,
    ["logs.Writer"] = function() return logs.open():writer() end,
    ["process.Child"] = function() return process.start({ "true" }) end,
    ["re.Pattern"] = function() return re.compile("x") end,
    ["seq.Seq"] = function() return seq({}) end,
    ["log_text.Miner"] = function() return log_text.miner() end,
    ["term.Progress"] = function() return term.progress({}) end,
    ["task.Task"] = function() return task.spawn(function() end) end,
    ["task.Limit"] = function() return task.limit(1) end,
}

-- Where making an object needs a server or a file; their methods are known to the kit by the class's name.
local by_name = tables.set({ "http.Response", "http.Stream", "policy.Policy", "report.Report", "server.EventStream",
    "server.Request", "server.Server", "server.Stream" })

describe("a class", function()
    for class, documented in pairs(documented_methods()) do
        it(class .. " documents its methods, and has those that it documents", function()
            local offered
            if by_name[class] then
                local _ = _G[class:match("^[%l_]+")]
                offered = debug.getregistry()["uhost.classes"][class]
            elseif objects[class] then
                offered = methods(objects[class]())
            end
            assert.is_truthy(offered, "this spec needs an object of " .. class)
            for name in pairs(documented) do assert.is_truthy(offered[name], class .. " has no " .. name) end
            for name in pairs(offered) do
                assert.is_truthy(documented[name] or name == "close", class .. ":" .. name .. " is not documented")
            end
        end)
    end
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

describe("what a word means in the reference", function()
    local primitives = definitions.all()
    local function names(topic)
        local found = {}
        for i, each in ipairs(definitions.find(primitives, topic)) do
            found[i] = each.definition and each.definition.name or each.primitive.name
        end
        return found
    end

    it("is a primitive, a function, a method or a type, by its whole name or its end", function()
        assert.same({ "git" }, names("git"))
        assert.same({ "git.open" }, names("git.open"))
        assert.same({ "git.Commit" }, names("git.Commit"))
        assert.same({ "git.LogOptions" }, names("LogOptions"))
        assert.same({ "git.Repository", "github.Repository" }, names("Repository"))
        for _, topic in ipairs({ "git.Repository:log", "git.Repository.log", "Repository:log" }) do
            assert.same({ "git.Repository:log" }, names(topic))
        end
        assert.same({}, names("git.nothing"))
    end)

    it("comes with the fields of types, the parameters and the results", function()
        local found = definitions.find(primitives, "git.LogOptions")[1].definition
        assert.same({ tag = "field", name = "path?", type = "string | string[]",
            text = "only commits that changed one of these" }, found.tags[2])
        local opened = definitions.find(primitives, "git.open")[1].definition
        assert.same({ tag = "param", name = "path?", type = "string", text = "default: the current folder" },
            opened.tags[1])
        assert.equal("git.Repository", opened.tags[2].type)
        for _, primitive in ipairs(primitives) do
            for _, list in ipairs({ primitive.functions, primitive.types }) do
                for _, definition in ipairs(list) do
                    for _, tag in ipairs(definition.tags) do assert.is_true(#tag.type > 0, definition.name) end
                end
            end
        end
    end)
end)

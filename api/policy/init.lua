-- Loads policies and asks them. Their code runs in a sandbox of its own, from which only plain data comes back; see
-- host/sandbox.
local native = ...

local schemas = require("uhost.policy.schema")
local tables = require("uhost.tables")

local M = { sandbox = native.sandbox, read = native.read }

local Policy, new_policy = uhost.class("policy.Policy", {
    optional = {
        "function_files", "function_lines", "layers", "origins", "path", "plain_fields", "schema", "is_user",
    },
    describe = function(self) return self.name .. ", " .. self.path end,
})

local function fail(policy, word, message, hint, details)
    details = details or {}
    details.policy, details.path = policy.name, details.path or policy.path
    uhost.fail("policy." .. word, message, { hint = hint, details = details })
end

-- Loading ------------------------------------------------------------------------------------------------------------

-- The file that a path in the data comes from: of its entry, of its first key, else the highest layer.
local function file_of(policy, path)
    local first, position = path:match("^([^.%[]+)%[(%d+)%]")
    local list = first and policy.plain_fields[first]
    local entry = type(list) == "table" and list[tonumber(position)]
    local id = type(entry) == "table" and entry.id
    return id and policy.origins[first .. "#" .. id] or policy.origins[path:match("^[^.%[]+")] or policy.layers[1]
end

-- Raises what the schema finds wrong; gives the data with its defaults.
local function checked(policy, data)
    if not policy.schema then return data end
    local complete, problems = schemas.check(policy.schema, data, policy.function_lines)
    local first = problems[1]
    if not first then return complete end
    local place = file_of(policy, first.path)
    local more = #problems > 1 and (" (and %d more)"):format(#problems - 1) or ""
    fail(policy, "schema", ("%s: %s %s%s"):format(place.file, first.path, first.message, more), first.hint,
        { path = place.file, field = first.path, problems = #problems })
end

-- A worker that was taken over may say anything.
local function check_answer(policy, data, origins)
    local sound = type(data) == "table" and type(origins) == "table"
    for _, origin in ipairs(sound and origins or {}) do
        sound = sound and type(origin) == "table" and type(origin.key) == "string"
            and policy.layers[origin.layer] ~= nil
    end
    if not sound then fail(policy, "died", policy.name .. ": the sandbox worker sent what cannot be read") end
end

local function take(policy, data, origins, functions)
    policy.layers = policy.rules:layers()
    check_answer(policy, data, origins)
    local highest = policy.layers[#policy.layers]
    policy.path, policy.is_user = highest.file, highest.is_user
    policy.origins = {}
    for _, origin in ipairs(origins) do policy.origins[origin.key] = policy.layers[origin.layer] end
    policy.function_lines, policy.function_files = {}, {}
    for _, each in ipairs(functions) do
        policy.function_lines[each.path], policy.function_files[each.path] = each.line, each.file
    end
    policy.plain_fields = data
    policy.plain_fields = checked(policy, data)
    policy.times_read = policy.times_read + 1
    policy.rules:accept()
end

-- Files that were edited count from the next call on; what is broken does not.
local function refresh(policy)
    if not policy.rules:changed() then return end
    local ok, raised = pcall(function() take(policy, policy.rules:load()) end)
    if ok then return log.debug(("%s was edited, and is loaded anew"):format(policy.path)) end
    if not uhost.is_error(raised) or not raised.kind:find("^policy%.") and not raised.kind:find("^file%.") then
        error(raised, 0)
    end
    log.warn(("%s; the version before stays in use"):format(raised.message))
    take(policy, policy.rules:restore())
end

-- Asking -------------------------------------------------------------------------------------------------------------

local function check_function(policy, name)
    if type(name) == "string" and policy.function_lines[name] then return end
    local known = tables.sorted_keys(policy.function_lines)
    fail(policy, "no_function", ("%s has no function '%s'"):format(policy.path, tostring(name)),
        #known > 0 and "it has: " .. table.concat(known, ", ") or "it has no functions at all",
        { ["function"] = tostring(name), reason = ("it has no function '%s'"):format(tostring(name)) })
end

local function ready(policy, name)
    refresh(policy)
    check_function(policy, name)
end

function Policy:call(name, ...)
    ready(self, name)
    return (self.rules:call(name, ...))
end

function Policy:map(name, argument_lists)
    ready(self, name)
    return self.rules:map(name, argument_lists)
end

function Policy:trace(name, ...)
    ready(self, name)
    local started = time.monotonic()
    local value, why, line, steps = self.rules:trace(name, ...)
    return { value = value, why = why, line = line, steps = steps, time_s = time.monotonic() - started }
end

-- What is in it ------------------------------------------------------------------------------------------------------

function Policy:version()
    refresh(self)
    return self.times_read
end

function Policy:data()
    refresh(self)
    return tables.copy(self.plain_fields)
end

function Policy:functions()
    refresh(self)
    return tables.copy(self.function_lines)
end

function Policy:files()
    refresh(self)
    return self.rules:files()
end

-- Those of a layer whose functions a higher one replaced would test what is not there any more.
local function examples_in(policy, list, found)
    for position, example in ipairs(list) do
        if type(example) == "table" then
            local one = tables.copy(example)
            one.file, one.position = (policy.origins.examples or policy.layers[1]).file, position
            found[#found + 1] = one
        end
    end
end

function Policy:examples()
    refresh(self)
    local found = {}
    local list = self.plain_fields.examples
    if type(list) == "table" then examples_in(self, list, found) end
    return found
end

local function explain_keys(policy)
    local keys = {}
    for _, key in ipairs(tables.sorted_keys(policy.origins)) do
        local origin = policy.origins[key]
        keys[#keys + 1] = {
            key = key, file = origin.file, is_user = origin.is_user, line = policy.function_lines[key],
        }
    end
    return keys
end

function Policy:explain(name, ...)
    if name == nil then
        refresh(self)
        return explain_keys(self)
    end
    ready(self, name)
    local value, why, line = self.rules:call(name, ...)
    local file = self.function_files[name]
    local is_user = false
    for _, layer in ipairs(self.layers) do is_user = is_user or layer.is_user and layer.file == file end
    return {
        policy = self.name, file = file, is_user = is_user, ["function"] = name, line = line, value = value,
        why = why,
    }
end

function Policy:close() self.rules:close() end

-- Which of the user's own folders are used, said once each.
local announced = {}

local function announce(options)
    if type(options) == "table" and options.folder then return end
    local kb = type(options) == "table" and options.kb or false
    if announced[kb] then return end
    announced[kb] = true
    local folder, name = native.folder({ kb = kb }), kb and "kb" or "policies"
    log.debug(folder and ("%s/: yours are in %s"):format(name, fs.absolute(folder))
        or ("%s/: you have none of your own; the shipped ones are used"):format(name))
end

M.folder = native.folder

function M.paths(options)
    announce(options)
    return native.paths(options)
end

local function without_schema(options)
    if type(options) ~= "table" then return options end
    local rest = {}
    for key, value in pairs(options) do
        if key ~= "schema" then rest[key] = value end
    end
    return rest
end

function M.load(name, options)
    announce(options)
    local rules = native.load(name, without_schema(options))
    local policy = new_policy({
        name = name, rules = rules, path = name, times_read = 0,
        schema = type(options) == "table" and options.schema or nil,
    })
    take(policy, rules:load())
    return policy
end

return M

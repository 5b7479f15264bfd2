-- `uhost upstream import`: integration points and rules of a TOML file, as policies. Once: what is there stays.
local lua_source = require("lib.lua_source")
local repository_root = require("lib.repository_root")

local M = {}

local function no_rename(entry) return entry end

-- "file" is what other tools call it.
local function point_of(entry)
    entry.path, entry.file = entry.path or entry.file, nil
    return entry
end

local function dependency_of(entry)
    entry.path, entry.file = entry.path or entry.file, nil
    entry.apis, entry.api = entry.apis or entry.api, nil
    return entry
end

local order = { "id", "name", "path", "file", "module", "risk", "description", "pattern", "modification", "used_by",
    "apis" }

-- The tables of the file, by their names there.
local parts = {
    integration_point = { policy = "integration_points", key = "points", read = point_of, named_by = "path",
        fields = { "id", "name", "path", "risk", "description", "pattern", "modification" } },
    dependency = { policy = "integration_points", key = "dependencies", read = dependency_of, named_by = "module",
        fields = { "id", "name", "module", "path", "used_by", "apis", "risk" } },
    -- What rules are made of is theirs to say: `uhost check` does.
    rule = { policy = "resolution_rules", key = "rules", read = no_rename, named_by = "name" },
}

local heads = {
    integration_points = "-- Where the fork changes what it is made from; see policies/README.md of uhost.",
    resolution_rules = "-- How conflicts are resolved; see policies/README.md of uhost.",
}

local function refuse(path, message, hint)
    uhost.fail("usage", ("%s: %s"):format(path, message), { hint = hint })
end

-- "compiler/rustc_hir/" as "compiler_rustc_hir".
local function id_of(text) return (text:lower():gsub("[^%w]+", "_"):gsub("^_+", ""):gsub("_+$", "")) end

local function unique_id(wanted, taken)
    local id, number = wanted ~= "" and wanted or "entry", 1
    while taken[id] do
        number = number + 1
        id = ("%s_%d"):format(wanted, number)
    end
    taken[id] = true
    return id
end

local function check_fields(path, where, entry, fields)
    local known = {}
    for _, name in ipairs(fields) do known[name] = true end
    for name in pairs(entry) do
        if not known[name] then
            refuse(path, ("%s has the unknown key '%s'"):format(where, name),
                uhost.suggest(name, fields) or "keys: " .. table.concat(fields, ", "))
        end
    end
end

local function read_entries(path, name, list)
    local part, taken, entries = parts[name], {}, {}
    if type(list) ~= "table" or (next(list) ~= nil and type(list[1]) ~= "table") then
        refuse(path, ("'%s' is not a list of tables"):format(name), ("write [[%s]]"):format(name))
    end
    for i, entry in ipairs(list) do
        local where = ("[[%s]] number %d"):format(name, i)
        entry = part.read(entry)
        if part.fields then check_fields(path, where, entry, part.fields) end
        local title = entry.id or entry.name or entry[part.named_by]
        if type(title) ~= "string" then refuse(path, ("%s has no %s"):format(where, part.named_by)) end
        if part.fields then entry.name = nil end
        if type(entry.risk) == "string" then entry.risk = entry.risk:lower() end
        entry.id = unique_id(id_of(title), taken)
        entries[i] = entry
    end
    return entries
end

---@return table<string, table<string, table[]>>  entries by policy and key
local function read(path)
    local text = fs.read(path)
    if not text then uhost.fail("usage", ("there is no file %s"):format(path)) end
    local ok, document = pcall(toml.decode, text)
    if not ok then
        if not uhost.is_error(document) then error(document, 0) end
        refuse(path, document.message)
    end
    local policies, names = {}, { "integration_point", "dependency", "rule" }
    for name in pairs(document) do
        if not parts[name] then
            refuse(path, ("'%s' is not known"):format(name), "known are [[" .. table.concat(names, "]], [[") .. "]]")
        end
    end
    for _, name in ipairs(names) do
        local part = parts[name]
        if document[name] then
            policies[part.policy] = policies[part.policy] or {}
            policies[part.policy][part.key] = read_entries(path, name, document[name])
        end
    end
    return policies
end

local function source_of(policy_name, data)
    local lines = { heads[policy_name], "local M = {}" }
    for _, key in ipairs({ "points", "dependencies", "rules" }) do
        if data[key] then lines[#lines + 1] = ("\nM.%s = %s"):format(key, lua_source.of(data[key], order)) end
    end
    return table.concat(lines, "\n") .. "\n\nreturn M\n"
end

local function import(options)
    local policies = read(options.file)
    local folder = options.output or repository_root.path("policies")
    local written = {}
    for _, name in ipairs({ "integration_points", "resolution_rules" }) do
        local path = fs.join(folder, name .. ".lua")
        if policies[name] and fs.exists(path) then
            uhost.fail("usage", path .. " is there already",
                { hint = "import into another folder, --output FOLDER, and take from there what is new" })
        end
        if policies[name] then written[#written + 1] = { path = path, text = source_of(name, policies[name]) } end
    end
    if #written == 0 then refuse(options.file, "there is nothing in it to import") end
    fs.mkdir(folder)
    for _, file in ipairs(written) do
        fs.write(file.path, file.text)
        if not uhost.dry_run then
            print(term.untrusted(("written: %s; check it with: uhost check %s"):format(file.path, file.path)))
        end
    end
    return 0
end

function M.declare(parser)
    local command = parser:command("import", "Make policies of the integration points, dependencies and rules in a "
        .. "TOML file, once.")
    command:argument("file", "With [[integration_point]], [[dependency]] and [[rule]].")
    command:option("--output", "The folder to write to (default: policies/ of the repository)."):argname("FOLDER")
end

M.commands = { import = import }
M.is_alone = true

return M

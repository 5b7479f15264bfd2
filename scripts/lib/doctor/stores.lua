-- What `uhost doctor` looks at in the state folder, and in the user's rule files.
local many_files = 20  -- to check them takes longer than a person waits here

local function stores()
    local names = {}
    for _, name in ipairs(fs.list(uhost.state_folder())) do
        local store = name:match("^([%w_]+)%.sqlite$")
        if store then names[#names + 1] = store end
    end
    return names
end

local function look_into(name)
    local path = fs.join(uhost.state_folder(), name .. ".sqlite")
    local store = { name = name, size_bytes = fs.stat(path).size_bytes }
    local ok, failure = pcall(function()
        local connection = db.open(nil, { store = name, read_only = true, busy_timeout_s = 1 })
        local _, answer = next(connection:query("PRAGMA quick_check(1)")[1])
        if answer ~= "ok" then store.damage = answer end
        local has_migrations = connection:one("SELECT 1 AS yes FROM sqlite_schema WHERE name = 'uhost_migrations'")
        if has_migrations then
            store.migrations = connection:one("SELECT count(*) AS count FROM uhost_migrations").count
        end
        connection:close()
    end)
    if not ok then store.damage = failure.message or tostring(failure) end
    return store
end

local function check_stores()
    local list, bytes, damaged = {}, 0, {}
    for i, name in ipairs(stores()) do
        list[i] = look_into(name)
        bytes = bytes + list[i].size_bytes
        if list[i].damage then damaged[#damaged + 1] = ("%s: %s"):format(name, list[i].damage) end
    end
    local text = ("%d in %s, %.1f MB"):format(#list, uhost.state_folder(), bytes / 1e6)
    if #damaged == 0 then return { status = "ok", text = text, details = list } end
    return { status = "attention", text = table.concat(damaged, "; "), details = list,
        fix = "wait for the process that holds it; move a damaged file away, and uhost makes it anew" }
end

local function check_rules()
    local files = require("lib.check.files").find({}, false)
    if #files > many_files then return { status = "unknown", text = ("%d files: uhost check"):format(#files) } end
    if #files == 0 then return { status = "ok", text = "you have none: the shipped ones are used" } end
    local result = require("lib.check.main").check(files)
    local text = ("%d files, %d errors, %d warnings"):format(#files, result.errors, result.warnings)
    if result.errors + result.warnings == 0 then return { status = "ok", text = text } end
    return { status = "attention", text = text, fix = "uhost check shows them" }
end

return {
    { id = "stores", title = "stores", run = check_stores },
    { id = "rules", title = "policies and knowledge bases", run = check_rules },
}

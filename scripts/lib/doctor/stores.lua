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

-- The byte that SQLite locks while a transaction writes: in NAME-shm in WAL mode, else in the database itself.
-- From: https://www.sqlite.org/walformat.html and the pending byte of https://www.sqlite.org/fileformat.html
local wal_write_byte = 120
local reserved_byte = 0x40000001

-- The processes that write to a database right now. Linux names them in /proc/locks; elsewhere nobody is found.
local function writers(path)
    local bytes = {}
    for suffix, byte in pairs({ ["-shm"] = wal_write_byte, [""] = reserved_byte }) do
        local status = fs.stat(path .. suffix)
        if status then bytes[("%d"):format(status.inode)] = byte end
    end
    local found = {}
    local readable, locks = pcall(fs.read, "/proc/locks")
    for pid, inode, first, last in (readable and locks or ""):gmatch("WRITE (%d+) %x+:%x+:(%d+) (%d+) (%d+)\n") do
        local byte = bytes[inode]
        if byte and tonumber(first) <= byte and byte <= tonumber(last) then
            local named, name = pcall(fs.read, ("/proc/%s/comm"):format(pid))
            found[#found + 1] = { pid = tonumber(pid), command = named and name:gsub("%s+$", "") or nil }
        end
    end
    return found
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
    store.writers = writers(path)
    return store
end

local function writers_of(list)
    local words = {}
    for _, store in ipairs(list) do
        for _, writer in ipairs(store.writers) do
            words[#words + 1] = ("process %d (%s) is writing to %s")
                :format(writer.pid, writer.command or "?", store.name)
        end
    end
    return words
end

local function check_stores()
    local list, bytes, damaged = {}, 0, {}
    for i, name in ipairs(stores()) do
        list[i] = look_into(name)
        bytes = bytes + list[i].size_bytes
        if list[i].damage then damaged[#damaged + 1] = ("%s: %s"):format(name, list[i].damage) end
    end
    local text = ("%d in %s, %.1f MB"):format(#list, uhost.state_folder(), bytes / 1e6)
    local held = writers_of(list)
    if #damaged == 0 then
        return { status = "ok", text = table.concat({ text, unpack(held) }, "; "), details = list }
    end
    for _, words in ipairs(held) do damaged[#damaged + 1] = words end
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

-- `uhost store backup` and `restore`: one packed file with each store as a SQLite file, whatever it was kept in, the
-- files of the logs, and a list of digests.
local byte_size = require("uhost.term.byte_size")
local copying = require("lib.store.copy")
local counted = require("lib.counted")
local stores = require("lib.stores")

local M = {}

local manifest_name, format = "manifest.json", 1

local function check_name(path)
    local name = fs.basename(path)
    if name:find("%.tar$") or name:find("%.tar%.gz$") or name:find("%.tar%.zst$") then return end
    uhost.fail("usage", ("how is %s to be packed?"):format(name),
        { hint = "let its name end in .tar, .tar.gz or .tar.zst" })
end

local function with_folder(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(stores.at(folder:path())) end, function() folder:close() end)
end

-- The files of a backup below its folder, in order.
local function files_in(folder)
    local list = {}
    for path, type in fs.walk(folder) do
        local name = path:sub(#folder + 2)
        if type == "file" then
            list[#list + 1] = name
        elseif type ~= "directory" then
            uhost.fail("store.archive", ("the archive holds '%s', which is no file"):format(name),
                { hint = "only restore what uhost store backup wrote" })
        end
    end
    return list
end

-- Why it failed, or nil.
local function tar(words, options)
    local command = { "sh", "-c", 'umask 077 && exec tar "$@"', "tar", "--force-local" }
    for _, word in ipairs(words) do command[#command + 1] = word end
    for name, value in pairs(options) do command[name] = value end
    local result = process.run(command)
    if result.code ~= 0 then return result.stderr:match("[^\n]+") or ("tar ended with %s"):format(result.code) end
end

-- Writing -------------------------------------------------------------------------------------------------------------

local function write_manifest(staging, names)
    local digests = {}
    for _, name in ipairs(files_in(staging.folder)) do digests[name] = hash.file(fs.join(staging.folder, name)) end
    fs.write(fs.join(staging.folder, manifest_name), json.encode({ format = format, made_at = time.iso(),
        stores = json.array(names), sha256 = digests }, { indent = 2 }), { mask = false })
end

-- Whoever looks for the file finds the old one or the new one, also after a crash.
local function pack(staging, path)
    local partial = fs.join(fs.dirname(path), (".%s-%s"):format(fs.readlink("/proc/self") or "0", fs.basename(path)))
    task.finally(function()
        local failure = tar({ "--create", "--auto-compress", "--file=" .. partial, "--owner=0", "--group=0",
            "--numeric-owner", "--directory=" .. staging.folder, "." }, { mutates = "write the backup " .. path })
        if failure then
            uhost.fail("store.archive", ("cannot write the backup %s: %s"):format(path, failure),
                { hint = "is tar installed, and for .tar.zst zstd?" })
        end
        process.run({ "sync", partial, mutates = "write the backup to the disk", check = true })
        fs.rename(partial, path)
    end, function() fs.remove(partial) end)
end

--- Writes a backup.
---@param place stores.Place
---@param options { file: string, names: string[] }
function M.backup(place, options)
    check_name(options.file)
    local path = fs.absolute(options.file)
    if not fs.stat(fs.dirname(path)) then
        uhost.fail("usage", ("there is no folder %s"):format(fs.dirname(path)),
            { hint = "make it, or name another file" })
    end
    local names, bytes = stores.names(place, options.names), 0
    for _, name in ipairs(names) do bytes = bytes + (place.size(name) or 0) end
    if #names == 0 then log.warn(("there is nothing to back up: %s has no stores"):format(place.name)) end
    return plan.perform({
        kind = "store.backup", target = path,
        summary = ("write %s, %s"):format(counted(#names, "store"), byte_size(bytes)),
        apply = function()
            return with_folder(function(staging)
                local result = { place = place.name, stores = {} }
                for i, name in ipairs(names) do
                    result.stores[i] = { name = name, tables = copying.copy(place, staging, name),
                        outcome = "in " .. path, size_bytes = staging.size(name) }
                end
                write_manifest(staging, names)
                pack(staging, path)
                return result
            end)
        end,
        planned = function() return { place = place.name, stores = {} } end,
    })
end

-- Reading -------------------------------------------------------------------------------------------------------------

local function fail_damaged(path, what)
    uhost.fail("store.archive", ("%s is no backup, or a damaged one: %s"):format(path, what),
        { hint = "nothing was restored; use another backup, or install tar and zstd if they are missing" })
end

-- What a backup holds is what its list says.
local function check(staging, path)
    local text = fs.read(fs.join(staging.folder, manifest_name))
    local ok, manifest = pcall(json.decode, text or "")
    local is_list = ok and type(manifest) == "table" and type(manifest.sha256) == "table"
    if not is_list then fail_damaged(path, "it has no list") end
    if manifest.format ~= format then fail_damaged(path, "a newer version of uhost wrote it") end
    local expected = manifest.sha256
    for _, name in ipairs(files_in(staging.folder)) do
        if name ~= manifest_name then
            if hash.file(fs.join(staging.folder, name)) ~= expected[name] then
                fail_damaged(path, name .. " is not what was written")
            end
            expected[name] = nil
        end
    end
    local missing = next(expected)
    if missing then fail_damaged(path, missing .. " is missing") end
end

--- Brings stores back.
---@param place stores.Place
---@param options { file: string, names: string[], force: boolean? }
function M.restore(place, options)
    local path = fs.absolute(options.file)
    if not fs.exists(path) then
        uhost.fail("usage", ("there is no file %s"):format(path), { hint = "check the path" })
    end
    return with_folder(function(staging)
        local failure = tar({ "--extract", "--file=" .. path, "--no-same-owner", "--no-same-permissions",
            "--directory=" .. staging.folder }, { reads = true })
        if failure then fail_damaged(path, failure) end
        check(staging, path)
        local names = stores.names(staging, options.names)
        return copying.transfer(staging, place, { names = names, force = options.force })
    end)
end

return M

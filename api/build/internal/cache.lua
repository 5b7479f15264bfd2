-- Outputs by the content of what they are made from. An entry is a folder of the state folder's `build/`, named by its
-- key: `manifest.json`, when it was `used`, and `outputs/1`, `outputs/2` … It appears as a whole, by a rename, and its
-- outputs are never changed.
local phases = require("uhost.build.internal.phases")

local M = {}

local known = { "name", "inputs", "outputs", "key", "cwd", "run", "limit_bytes" }
local default_limit_bytes = 2 * 1024 * 1024 * 1024
local format_version = "1"

local function root() return fs.join(uhost.state_folder(), "build") end

-- Digests -------------------------------------------------------------------------------------------------------------

-- Of files, in their order.
local function digests_of(paths) return task.map(paths, function(path) return hash.file(path) end) end

local function is_pattern(path) return path:find("[%*%?%[]") ~= nil end

-- The files that inputs name: files, folders with all in them, and patterns.
local function files_of(cwd, inputs)
    local files, seen = {}, {}
    local function add(path)
        if not seen[path] then
            seen[path] = true
            files[#files + 1] = path
        end
    end
    for _, input in ipairs(inputs) do
        local full = fs.join(cwd, input)
        local status = not is_pattern(input) and fs.stat(full)
        if is_pattern(input) or status and status.type == "directory" then
            local options = { skip = { ".git" }, glob = is_pattern(input) and input or nil }
            for path, type in fs.walk(is_pattern(input) and cwd or full, options) do
                if type ~= "directory" then add(path) end
            end
        elseif status then
            add(full)
        else
            uhost.fail("build.input", ("the input %s does not exist"):format(full), { details = { path = full } })
        end
    end
    table.sort(files)
    return files
end

-- What of files counts, a line each: their names below `folder`, whether they may be run, and their content (of a
-- link: where it leads).
local function lines_of(folder, paths)
    local plain, lines = {}, {}
    for _, path in ipairs(paths) do
        local status = fs.stat(path, { follow = false })
        if status.type == "file" then
            plain[#plain + 1] = path
        else
            lines[#lines + 1] = ("%s %s %s"):format(status.type, path:sub(#folder + 2), fs.readlink(path) or "")
        end
    end
    for i, digest in ipairs(digests_of(plain)) do
        local runs = fs.stat(plain[i]).mode:find("^0[1357]") and "x" or "-"
        lines[#lines + 1] = ("%s %s %s"):format(digest, runs, plain[i]:sub(#folder + 2))
    end
    return table.concat(lines, "\n")
end

local function key_of(options, cwd)
    return hash.text(table.concat({ format_version, options.key or "", jit.os, jit.arch,
        table.concat(options.outputs, "\0"), lines_of(cwd, files_of(cwd, options.inputs)) }, "\n"))
end

-- Entries -------------------------------------------------------------------------------------------------------------

-- What an entry holds, and how large it is.
local function measure(folder)
    local paths, bytes = {}, 0
    for path, type in fs.walk(fs.join(folder, "outputs")) do
        paths[#paths + 1] = path
        if type == "file" then bytes = bytes + fs.stat(path).size_bytes end
    end
    table.sort(paths)
    return hash.text(lines_of(folder, paths)), bytes
end

local last_number = 0

-- A name beside `path` that no other process and no other task uses.
local function beside(path, suffix)
    last_number = last_number + 1
    return ("%s.%s-%d.%s"):format(path, fs.readlink("/proc/self"), last_number, suffix)
end

local function discard(folder)
    -- Out of the way first: nobody may read an entry that is half there.
    local trash = beside(folder, "trash")
    if pcall(fs.rename, folder, trash) then fs.remove(trash, { recursive = true }) end
end

-- Puts a copy beside its place and then into it, so that nobody sees half an output.
local function restore_one(from, to)
    fs.mkdir(fs.dirname(to))
    local new = beside(to, "new")
    fs.copy(from, new, { recursive = true })
    local before, after = fs.stat(to, { follow = false }), fs.stat(from)
    if before and (before.type == "directory" or after.type == "directory") then
        fs.remove(to, { recursive = true })
    end
    fs.rename(new, to)
end

local function read_manifest(folder) return fs.read(fs.join(folder, "manifest.json")) end

local function restore_all(folder, options, cwd)
    local text = read_manifest(folder)
    if not text then return false end
    local ok, manifest = pcall(json.decode, text)
    if not ok or measure(folder) ~= manifest.digest then
        discard(folder)
        return false
    end
    for i, output in ipairs(options.outputs) do
        restore_one(fs.join(folder, "outputs", tostring(i)), fs.join(cwd, output))
    end
    fs.write(fs.join(folder, "used"), time.iso(nil, { decimals = 6 }))
    return true
end

local function restore(folder, options, cwd)
    local ok, hit = pcall(restore_all, folder, options, cwd)
    if ok then return hit end
    -- Another process may have taken the entry away meanwhile.
    if read_manifest(folder) then error(hit, 0) end
    return false
end

local function keep(folder, options, cwd)
    local new = beside(folder, "new")
    fs.mkdir(fs.join(new, "outputs"))
    for i, output in ipairs(options.outputs) do
        local full = fs.join(cwd, output)
        if not fs.exists(full) then
            fs.remove(new, { recursive = true })
            uhost.fail("build.output", ("the command made no %s"):format(full), { details = { path = full } })
        end
        fs.copy(full, fs.join(new, "outputs", tostring(i)), { recursive = true })
    end
    local digest, bytes = measure(new)
    fs.write(fs.join(new, "used"), time.iso(nil, { decimals = 6 }))
    fs.write(fs.join(new, "manifest.json"), json.encode({ digest = digest, bytes = bytes, outputs = options.outputs }))
    -- Another may have been first; its outputs are made from the same inputs.
    if not pcall(fs.rename, new, folder) then fs.remove(new, { recursive = true }) end
end

local max_age_of_leftovers_s = 24 * 3600

local function is_leftover(path, name)
    if not name:find("%.new$") and not name:find("%.trash$") then return false end
    local status = fs.stat(path)
    return status and time.now() - time.parse(status.modified) > max_age_of_leftovers_s
end

-- Takes away what was not used for longest until the rest fits.
local function shrink(limit_bytes)
    local entries, total = {}, 0
    for _, name in ipairs(fs.list(root())) do
        local path = fs.join(root(), name)
        local ok, manifest = pcall(function() return json.decode(read_manifest(path)) end)
        if is_leftover(path, name) then
            fs.remove(path, { recursive = true })
        elseif ok and not name:find(".", 1, true) then
            entries[#entries + 1] = { path = path, bytes = manifest.bytes, used = fs.read(fs.join(path, "used")) or "" }
            total = total + manifest.bytes
        end
    end
    table.sort(entries, function(a, b) return a.used < b.used end)
    for i = 1, #entries - 1 do
        if total <= limit_bytes then return end
        discard(entries[i].path)
        total = total - entries[i].bytes
    end
end

local function check(options)
    options = uhost.check_options(options, "build.cached", known)
    uhost.check_argument(options.name, "name", "build.cached", "string")
    uhost.check_argument(options.inputs, "inputs", "build.cached", "table")
    uhost.check_argument(options.outputs, "outputs", "build.cached", "table")
    uhost.check_argument(options.run, "run", "build.cached", "function")
    for _, output in ipairs(options.outputs) do
        local first = output:sub(1, 1)
        if first == "/" or ("/" .. output .. "/"):find("/%.%.?/") or output == "" then
            uhost.fail("argument", ("bad output '%s' of build.cached"):format(output),
                { hint = "a path below `cwd`, without \".\" and \"..\"" })
        end
    end
    return options
end

function M.cached(options)
    options = check(options)
    local cwd = fs.absolute(options.cwd or ".")
    local key = key_of(options, cwd)
    local folder = fs.join(root(), key)
    local hit = restore(folder, options, cwd)
    phases.cache_asked(options.name, hit)
    if not hit then
        options.run()
        if not plan.dry_run() then
            fs.mkdir(root())
            keep(folder, options, cwd)
            shrink(options.limit_bytes or default_limit_bytes)
        end
    end
    return { hit = hit, key = key }
end

return M

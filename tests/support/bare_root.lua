-- A root as a bare Debian has it: a folder with the essential packages, and those that they need, as they are on this
-- machine; none of what was installed to build. It needs no network, but root's rights.
local M = {}

local function records()
    local format = "${db:Status-Status}\t${binary:Package}\t${Package}\t${Essential}\t${Provides}\t"
        .. "${Pre-Depends}, ${Depends}\n"
    local by_name, essential = {}, {}
    for line in process.run({ "dpkg-query", "-W", "-f", format, check = true }).stdout:gmatch("[^\n]+") do
        local status, id, name, is_essential, provides, needs =
            line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
        if status == "installed" then
            local package = { id = id, name = name, needs = needs }
            by_name[name] = package
            for provided in provides:gmatch("([%w.+-]+)[^,]*") do by_name[provided] = by_name[provided] or package end
            if is_essential == "yes" then essential[#essential + 1] = name end
        end
    end
    return by_name, essential
end

-- Of "a (>= 1) | b, c", the packages that are installed here.
local function chosen(by_name, needs)
    local found = {}
    for alternatives in needs:gmatch("[^,]+") do
        for name in alternatives:gmatch("([%w.+-]+)[^|]*") do
            if by_name[name] then
                found[#found + 1] = by_name[name]
                break
            end
        end
    end
    return found
end

local function closure(needs)
    local by_name, essential = records()
    local found, open = {}, chosen(by_name, table.concat(essential, ", ") .. ", " .. needs)
    while #open > 0 do
        local package = table.remove(open)
        if not found[package.name] then
            found[package.name] = package
            for _, needed in ipairs(chosen(by_name, package.needs)) do open[#open + 1] = needed end
        end
    end
    return found
end

-- What no program needs in order to run.
local left_out = { "^/usr/share/doc/", "^/usr/share/man/", "^/usr/share/locale/", "^/usr/share/i18n/",
    "^/usr/share/info/" }

local function is_left_out(path)
    for _, pattern in ipairs(left_out) do
        if path:find(pattern) then return true end
    end
    return false
end

local function files_of(packages)
    local command, list = { "dpkg", "-L", check = true }, {}
    for _, package in pairs(packages) do command[#command + 1] = package.id end
    for path in process.run(command).stdout:gmatch("(/[^\n]+)") do
        local status = not is_left_out(path) and fs.stat(path, { follow = false })
        if status and status.type ~= "directory" then list[#list + 1] = path end
    end
    return list
end

-- The part of dpkg's database about these packages, so that dpkg installs further ones and checks what they need.
local function write_database(root, packages)
    local folder, stanzas = root .. "/var/lib/dpkg", {}
    for stanza in (fs.read("/var/lib/dpkg/status") .. "\n"):gmatch("(Package: .-\n)\n") do
        local is_installed = stanza:find("\nStatus: install ok installed\n", 1, true)
        if is_installed and packages[stanza:match("^Package: ([^\n]+)")] then
            stanzas[#stanzas + 1] = stanza
        end
    end
    fs.mkdir(folder .. "/info")
    fs.mkdir(folder .. "/updates")
    fs.write(folder .. "/status", table.concat(stanzas, "\n"))
    fs.write(folder .. "/info/format", "1\n")
    for _, package in pairs(packages) do
        for _, name in ipairs({ package.id, package.name }) do
            local path = ("/var/lib/dpkg/info/%s.list"):format(name)
            if fs.exists(path) then fs.write(folder .. "/info/" .. fs.basename(path), fs.read(path)) end
        end
    end
end

--- Why there can be no such root, or nil.
function M.missing()
    if process.run({ "id", "-u" }).stdout ~= "0\n" then return "needs root, to enter another root" end
    if process.run({ "unshare", "--mount", "true" }).code ~= 0 then return "needs unshare --mount" end
end

--- Makes the root in a folder that is there.
---@param folder string
---@param needs? string  packages that it has besides, as Debian's field Depends has them
function M.make(folder, needs)
    local packages = closure(needs or "")
    fs.mkdir(folder)
    for _, name in ipairs({ "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "etc", "proc", "dev", "root", "tmp", "run",
        "var/lib/dpkg" }) do fs.mkdir(folder .. "/" .. name) end
    for _, name in ipairs({ "bin", "sbin", "lib", "lib64" }) do fs.symlink("usr/" .. name, folder .. "/" .. name) end
    local list = files_of(packages)
    for _, path in ipairs({ "/etc/alternatives", "/etc/passwd", "/etc/group" }) do list[#list + 1] = path end
    local copy = 'tar -C / --no-recursion -cf - -T - | tar -C "$0" --keep-directory-symlink -xf -'
    process.run({ "sh", "-e", "-c", copy, folder, stdin = table.concat(list, "\n") .. "\n", check = true })
    process.run({ "cp", "-a", "/etc/alternatives", folder .. "/etc/", check = true })
    write_database(folder, packages)
    process.run({ "chroot", folder, "ldconfig", check = true })
end

--- Runs a command line in the root, which sees /proc and the null device, and no network.
---@param folder string
---@param command string
---@param env? table<string, string>
---@return process.Result
function M.run(folder, command, env)
    local variables = { "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
        "DEBIAN_FRONTEND=noninteractive" }
    for name, value in pairs(env or {}) do variables[#variables + 1] = name .. "=" .. value end
    local enter = 'root=$1 && shift && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" '
        .. '&& exec chroot "$root" env -i "$@"'
    local words = { "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", enter, "sh", folder }
    for _, variable in ipairs(variables) do words[#words + 1] = variable end
    for _, word in ipairs({ "sh", "-c", command }) do words[#words + 1] = word end
    words.timeout_s = 120
    return process.run(words)
end

return M

-- Settings and remotes.
local program = require("uhost.git.internal.program")

local M = {}

local secret_keys = { "extraheader$", "password", "token", "%.cookiefile$" }

local function setting_key(method, key)
    program.word(method, "key", key, "a setting's name, such as 'user.name'")
    if not key:find("^[%w%-]+%..*[%w%-]$") then program.word(method, "key", "", "a name such as 'user.name'") end
    for _, pattern in ipairs(secret_keys) do
        if key:lower():find(pattern) then
            uhost.fail("git.secret", ("the setting %s may hold a secret, which scripts do not get"):format(key),
                { hint = "git itself uses it where it belongs" })
        end
    end
    return key
end

function M.config(repository, key)
    setting_key("Repository:config", key)
    local text = program.ask(repository, "read the setting " .. key, "config", "--null", "--get", key)
    return text and program.without_login(text:gsub("%z$", ""))
end

function M.set_config(repository, key, value)
    setting_key("Repository:set_config", key)
    if value == nil or value == false then
        local what = "remove the setting " .. key
        if not program.ask(repository, what, "config", "--local", "--null", "--get-all", key) then return end
        return program.command(repository, "set_config", what, "config", "--local", "--unset-all", key)
    end
    if type(value) == "boolean" or type(value) == "number" then value = tostring(value) end
    uhost.check_argument(value, "value", "Repository:set_config", "string")
    program.command(repository, "set_config", "set " .. key, "config", "--local", "--replace-all", "--", key, value)
end

local function find_remote(repository, name)
    for _, remote in ipairs(repository:remotes()) do
        if remote.name == name then return remote end
    end
end

local function require_remote(repository, method, name)
    program.word(method, "name", name, "a remote's name")
    return find_remote(repository, name) or uhost.fail("git.unknown_remote", ("no remote is called '%s'"):format(name),
        { hint = "repo:remotes() lists those there are" })
end

local function url_of(method, url) return program.word(method, "url", url, "a URL or a folder") end

function M.add_remote(repository, name, url)
    program.word("Repository:add_remote", "name", name, "a remote's name")
    url_of("Repository:add_remote", url)
    if find_remote(repository, name) then
        uhost.fail("git.exists", ("there is a remote called '%s' already"):format(name),
            { hint = "change its URL with set_remote_url, or choose another name" })
    end
    program.command(repository, "add_remote", "add the remote " .. name, "remote", "add", "--", name, url)
end

function M.remove_remote(repository, name)
    require_remote(repository, "Repository:remove_remote", name)
    program.command(repository, "remove_remote", "remove the remote " .. name, "remote", "remove", "--", name)
end

function M.set_remote_url(repository, name, url, options)
    local method = "Repository:set_remote_url"
    require_remote(repository, method, name)
    url_of(method, url)
    options = uhost.check_options(options, method, { "push" })
    local command = { "remote", "set-url" }
    if options.push then command[#command + 1] = "--push" end
    for _, argument in ipairs{ "--", name, url } do command[#command + 1] = argument end
    program.command(repository, "set_remote_url", "set the URL of the remote " .. name, unpack(command))
end

return M

-- `uhost new KIND NAME`: writes the files that something new begins with.
local command_line = require("lib.command_line")
local repository_root = require("lib.repository_root")
local tables = require("uhost.tables")
local templates = require("lib.new.templates")

local M = {}

local function read_options(arguments)
    local parser = command_line.parser("new", "Write a working, tested beginning, at the root of this repository.", {
        "uhost new script slow_jobs", "uhost new policy triage", "uhost --dry-run new kb acme",
    })
    parser:argument("kind", "What to write: " .. table.concat(tables.sorted_keys(templates), ", ") .. ".")
        :choices(tables.sorted_keys(templates))
    parser:argument("name", "Its name: lower-case words with underscores between them.")
    return parser:parse(arguments)
end

local function check_name(name)
    if name:find("^%l[%l%d_]*$") and #name <= 40 then return end
    uhost.fail("usage", ("'%s' is not a name for a module"):format(name:sub(1, 100)),
        { hint = "lower-case letters, digits and underscores, such as slow_jobs" })
end

-- All files, or none.
local function write_all(files, name)
    local paths = {}
    for _, path in ipairs(tables.sorted_keys(files)) do
        paths[#paths + 1] = repository_root.path((path:gsub("NAME", name)))
    end
    for _, path in ipairs(paths) do
        if fs.exists(path) then uhost.fail("usage", path .. " exists already", { hint = "choose another name" }) end
    end
    for i, path in ipairs(tables.sorted_keys(files)) do
        fs.mkdir(fs.dirname(paths[i]))
        fs.write(paths[i], (files[path]:gsub("NAME", name)))
        print("wrote " .. paths[i])
    end
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    check_name(options.name)
    local template = templates[options.kind]
    if template.needs and not fs.exists(repository_root.path(template.needs)) then
        uhost.fail("usage", ("a %s is part of uhost, and this is not a checkout of it"):format(options.kind),
            { hint = "git clone uhost first; for a repository of your own: uhost new script" })
    end
    write_all(template.files, options.name)
    print("try: " .. template.try:gsub("NAME", options.name))
    return 0
end

return M

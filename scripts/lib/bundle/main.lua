-- `uhost bundle`: one executable of a script. The launcher in host/bundle is its first part.
local byte_size = require("uhost.term.byte_size")
local command_line = require("lib.command_line")
local contents = require("lib.bundle.contents")

local M = {}

local demo_script = 'local greeting = require("greeting")\nprint(greeting.to(arg[1] or "world"))\n'
local demo_module = 'return { to = function(name) return "hello, " .. name .. ", from " .. uhost.version end }\n'

-- Names the folder that the bundle unpacks to, so that another content never meets an older one.
local function digest_of(files)
    local lines = {}
    for i, file in ipairs(files) do
        lines[i] = ("%s %s %s"):format(file.executable, hash.file(file.source), file.path)
    end
    return hash.text(table.concat(lines, "\n"))
end

local function list_of(files)
    local lines = {}
    for i, file in ipairs(files) do
        if (file.path .. file.source):find("[\t\n]") then
            uhost.fail("usage", ("%q has a tab or a line feed in its name"):format(file.source),
                { hint = "files with such names cannot be in a bundle" })
        end
        lines[i] = ("%s\t%s\t%s\n"):format(file.executable and "x" or "-", file.path, file.source)
    end
    return table.concat(lines)
end

---@param script string
---@param output string
---@return table report  as the schema bundle has it
function M.make(script, output)
    local path = fs.absolute(script)
    local status = fs.stat(path)
    if not status or status.type ~= "file" then
        uhost.fail("usage", ("there is no script %s"):format(script), { hint = "give the path of a Lua file" })
    end
    local files = contents.of(path)
    local digest, new = digest_of(files), output .. ".new"
    local made = process.run({ contents.launcher, "--pack", new, digest, "share/uhost/bundled/" .. fs.basename(path),
        stdin = list_of(files), mutates = "write " .. output })
    if uhost.dry_run then return { version = 1, output = output, digest = digest, files = #files } end
    if made.code ~= 0 then uhost.fail("bundle.write", made.stderr:gsub("^error: ", ""):gsub("%s+$", "")) end
    process.run({ "chmod", "+x", new, mutates = "make it executable", check = true })
    fs.rename(new, output)
    return { version = 1, output = output, digest = digest, files = #files, size_bytes = fs.stat(output).size_bytes }
end

local function demo()
    local folder = fs.temp_dir()
    return task.finally(function()
        local script, output = fs.join(folder:path(), "greet.lua"), fs.join(folder:path(), "greet")
        fs.write(script, demo_script)
        fs.write(fs.join(folder:path(), "greeting.lua"), demo_module)
        local report = M.make(script, output)
        if uhost.dry_run then return report end
        report.printed = process.run({ output, "demo", env = { XDG_CACHE_HOME = folder:path() }, mutates = "run it",
            check = true }).stdout
        return report
    end, function() folder:close() end)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("bundle", "Make one executable of a script, the modules that it requires by "
        .. "name from its folder, the policies and knowledge bases of its repository, uhost, and the libraries of "
        .. "that. It runs on Linux with a C library as new as this machine's, without packages; programs that the "
        .. "script runs, such as git, have to be there. It unpacks once, below ~/.cache/uhost/bundles.",
        { "uhost bundle scripts/stale_branches.lua -o stale_branches",
            "uhost bundle scripts/stale_branches.lua --json", "uhost bundle --demo" },
        "0 fine, 2 usage, 3 a file cannot be read or written, 130 interrupted.")
    parser:argument("script", "The Lua file to run."):args("?")
    parser:option("-o --output", "The executable (default: the script's name, without .lua)."):argname("FILE")
    parser:flag("--json", "Say as JSON what was made (uhost schema bundle).")
    parser:flag("--demo", "Bundle a made-up script in a temporary folder, and run it.")
    local options = parser:parse(arguments)
    if not options.script and not options.demo then
        uhost.fail("usage", "which script?", { hint = "uhost bundle SCRIPT.lua -o FILE" })
    end
    local report = options.demo and demo()
        or M.make(options.script, options.output or fs.basename(options.script):gsub("%.lua$", "") .. "")
    if options.json then
        io.write(json.encode(report, { indent = 2 }), "\n")
    elseif report.size_bytes then
        print(("%s: %d files, %s"):format(report.output, report.files, byte_size(report.size_bytes)))
        if report.printed then io.write(report.printed) end
    end
    return 0
end

return M

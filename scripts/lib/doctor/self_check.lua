-- `uhost self-check`: whether an installation works. It asks nobody, and leaves nothing behind.
local command_line = require("lib.command_line")
local findings = require("lib.doctor.findings")
local seq = require("uhost.seq")

local M = {}

local max_command_s = 60

-- What the demonstration and a known log must give, whatever the machine is.
local demo_issues = 15
local known_log = "   Compiling oven v0.1.0\nerror[E0308]: mismatched types\n --> src/main.rs:2:18\n  |\n"
    .. "2 |     let a: u8 = \"no\";\n  |            --   ^^^^ expected `u8`, found `&str`\n\n"
    .. "error: could not compile `oven` (bin \"oven\") due to 1 previous error\n"
local known_entry = "rust.e0308"

local reinstall = "install uhost again: apt-get install --reinstall uhost, or unpack its tarball anew"

-- Runs a command of this installation with a state of its own; what it wrote as JSON.
local function own_json(folder, command)
    local all = { fs.readlink("/proc/self/exe"), "--state", fs.join(folder, "state"), "--offline", unpack(command) }
    all.cwd, all.stdin, all.reads, all.timeout_s = folder, command.stdin, true, max_command_s
    local result = process.run(all)
    if result.code > 1 then return nil, result.stderr:match("[^\n]+") or ("exit code %d"):format(result.code) end
    return json.decode(result.stdout)
end

local function in_folder(command, check)
    local folder = fs.temp_dir()
    return task.finally(function()
        local answer, failure = own_json(folder:path(), command)
        if answer then return check(answer) end
        return { status = "attention", text = failure, fix = reinstall }
    end, function() folder:close() end)
end

local function check_demo()
    return in_folder({ "monthly_audit", "--demo", "--format", "json" }, function(report)
        local text = ("the audit found %d issues"):format(report.stats.issues)
        if report.stats.issues == demo_issues then return { status = "ok", text = text } end
        return { status = "attention", text = ("%s, not %d"):format(text, demo_issues), fix = reinstall }
    end)
end

local function check_log()
    return in_folder({ "diagnose", "-", "--format", "json", stdin = known_log }, function(report)
        local found = report.findings[1] and report.findings[1].id
        if found == known_entry then return { status = "ok", text = "a known failure is explained" } end
        return { status = "attention", fix = reinstall,
            text = ("a failure that %s explains is not explained"):format(known_entry) }
    end)
end

-- Programs that parts of uhost run or read: and which command needs it.
---@type { name: string, package: string, needed_by?: string, program?: string, module?: string, file?: string }[]
local companions = {
    { name = "git", program = "git", package = "git" },
    { name = "luacheck", program = "luacheck", package = "lua-check", needed_by = "uhost lint" },
    { name = "busted", module = "busted.core", package = "lua-busted", needed_by = "uhost test" },
    { name = "dygraphs", file = "/usr/share/javascript/dygraphs", package = "libjs-dygraphs",
        needed_by = "uhost dashboard" },
}

local function is_there(companion)
    if companion.file then return fs.exists(companion.file) end
    if companion.module then return package.searchpath(companion.module, package.path) ~= nil end
    for folder in (os.getenv("PATH") or ""):gmatch("[^:]+") do
        if fs.exists(fs.join(folder, companion.program)) then return true end
    end
    return false
end

local function check_companions()
    local there, lacking, packages, status = {}, {}, {}, "ok"
    for _, companion in ipairs(companions) do
        if is_there(companion) then
            there[#there + 1] = companion.name
        else
            lacking[#lacking + 1] = companion.needed_by
                and ("%s (for %s)"):format(companion.name, companion.needed_by) or companion.name
            packages[#packages + 1] = companion.package
            status = (status == "attention" or not companion.needed_by) and "attention" or "unknown"
        end
    end
    local text = #lacking == 0 and table.concat(there, ", ") or "not here: " .. table.concat(lacking, ", ")
    local fix = #lacking > 0 and "apt-get install " .. table.concat(packages, " ") or nil
    return { status = status, text = text, fix = fix }
end

local function checks()
    local machine = seq(require("lib.doctor.machine"))
    local function of_machine(id) return machine:filter(function(check) return check.id == id end)() end
    return {
        of_machine("libraries"), of_machine("processor"), of_machine("sandbox"),
        { id = "companions", title = "programs it uses", run = check_companions },
        { id = "demo", title = "demonstration", run = check_demo, max_s = max_command_s },
        { id = "log", title = "knowledge bases", run = check_log, max_s = max_command_s },
    }
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("self-check", "Say whether this installation works: the libraries that it is "
        .. "linked with, the sandbox, the programs that it uses, the demonstration of the audit, and the knowledge "
        .. "bases. It needs neither network nor token. For your repository and GitHub, there is `uhost doctor`.",
        { "uhost self-check", "uhost self-check --json", "uhost --require-sandbox self-check" },
        "0 it works, 1 something needs attention, 2 usage, 130 interrupted.")
    parser:flag("--json", "Write the findings as JSON (uhost schema doctor).")
    parser:flag("--demo", "The same: all that it looks at is made for it.")
    local options = parser:parse(arguments)
    local report = findings.report(findings.examine(checks()))
    if options.json then
        io.write(json.encode(report, { indent = 2 }), "\n")
    else
        findings.print(report.checks)
    end
    return report.attention == 0 and 0 or 1
end

return M

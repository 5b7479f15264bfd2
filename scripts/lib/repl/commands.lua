-- The REPL's commands, which begin with a dot.
local display = require("lib.repl.display")
local pager = require("lib.pager")

local M = {}

local function need(argument, usage)
    if argument == "" then uhost.fail("usage", "this command needs an argument", { hint = usage }) end
    return argument
end

-- What a person asks for by a command is done, also while changes are only planned.
local function really(action)
    if not plan.dry_run() then return action() end
    plan.set_dry_run(false)
    return task.finally(action, function() plan.set_dry_run(true) end)
end

local function evaluate(repl, argument, usage)
    local outcome = repl.session:evaluate(need(argument, usage), true)
    if not outcome.ok then error(outcome.failure, 0) end
    return outcome.results
end

-- Iterators as the list of what they give.
function M.plain(value)
    if type(value) == "function" or getmetatable(value) == "seq.Seq" then return seq(value):list() end
    return value
end

local function show_plan()
    local changes = plan.recorded()
    if #changes == 0 then return print("nothing is planned") end
    io.write(term.table({ columns = { { key = "kind" }, { key = "target" }, { key = "summary" } }, rows = changes }))
end

local function execute(repl, argument)
    if argument == "" then
        plan.set_dry_run(false)
        return print("changes are made from now on; .dry plans them again")
    end
    really(function() repl:show(repl.session:evaluate(argument, true)) end)
end

local function save(repl, argument)
    local path = need(argument, ".save FILE")
    if fs.exists(path) then uhost.fail("usage", path .. " exists", { hint = "name another file" }) end
    really(function() fs.write(path, table.concat(repl.session.inputs, "\n") .. "\n") end)
    print(("%d inputs are in %s"):format(#repl.session.inputs, path))
end

local function load_file(repl, argument)
    local path = need(argument, ".load FILE")
    repl:show(repl.session:evaluate(fs.read(path), true))
end

local function edit(repl)
    local editor = os.getenv("VISUAL") or os.getenv("EDITOR") or "vi"
    local folder = fs.temp_dir()
    local path = fs.join(folder:path(), "input.lua")
    really(function()
        fs.write(path, (repl.session.inputs[#repl.session.inputs] or "") .. "\n")
        os.execute(("%s '%s'"):format(editor, path))
    end)
    local source = fs.read(path)
    folder:close()
    if source:find("%S") then repl:show(repl.session:evaluate(source, true)) end
end

-- Modules of scripts are read again when they are next required. The host's own and Lua's libraries stay.
local function reload()
    local forgotten = 0
    for name in pairs(package.loaded) do
        local is_script = not name:find("^uhost") and not name:find("^lib%.repl") and _G[name] ~= package.loaded[name]
        if is_script and name ~= "_G" then
            package.loaded[name] = nil
            forgotten = forgotten + 1
        end
    end
    print(("%d modules will be read again; policies are read at each use"):format(forgotten))
end

local function measure(repl, argument)
    local cpu, wall = os.clock(), time.monotonic()
    local results = evaluate(repl, argument, ".time EXPRESSION")
    cpu, wall = os.clock() - cpu, time.monotonic() - wall
    repl:show_values(results)
    print(("%.1f ms, %.1f ms of the processor"):format(wall * 1000, cpu * 1000))
end

local function print_json(repl, argument)
    local results = evaluate(repl, argument, ".json EXPRESSION")
    print(json.encode(M.plain(results[1]), { indent = 2 }))
end

local function print_table(repl, argument)
    local value = M.plain(evaluate(repl, argument, ".table EXPRESSION")[1])
    if type(value) ~= "table" or type(value[1]) ~= "table" then
        uhost.fail("usage", "a table needs a list of records", { hint = ".table repo:tags()" })
    end
    pager.show(display.table(value))
end

local function policy(_, argument)
    local arguments = {}
    for word in argument:gmatch("%S+") do arguments[#arguments + 1] = word end
    require("lib.policy.main").run(arguments)
end

local function query(_, argument)
    local store, sql = argument:match("^@([%w_]+)%s+(.+)$")
    sql = need(sql or argument, ".sql [@STORE] QUERY")
    local connection = db.open(nil, { read_only = true, store = store })
    local rows = connection:query(sql)
    connection:close()
    if #rows == 0 then return print("no rows") end
    io.write(display.table(rows))
end

local function audit(_, argument)
    local limit = argument == "" and 20 or tonumber(argument)
    if not limit then uhost.fail("usage", "the number of entries is not a number", { hint = ".audit [COUNT]" }) end
    local entries = plan.history({ limit = limit })
    if #entries == 0 then return print("nothing was changed yet") end
    local rows = {}
    for i, each in ipairs(entries) do
        rows[i] = { time = each.started_at, kind = each.kind, target = each.target, outcome = each.outcome,
            summary = each.summary }
    end
    io.write(display.table(rows))
end

local function plan_only()
    plan.set_dry_run(true)
    print("changes are only planned from now on")
end

local function help(repl, argument)
    if argument ~= "" then return require("lib.help").run({ argument }) end
    io.write(repl.introduction)
    local rows = {}
    for i, command in ipairs(M.list) do rows[i] = { command[1] .. " " .. command[2], command[3] } end
    local columns = { { key = 1, title = "Command" }, { key = 2, title = "What it does" } }
    io.write(term.table({ columns = columns, rows = rows }))
end

M.list = {
    { ".help", "[NAME]", "these commands, or what is known of a primitive, function or type", help },
    { ".doc", "NAME", "the same", help },
    { ".execute", "[EXPRESSION]", "make the changes of one expression, or of all that follow", execute },
    { ".dry", "", "only plan changes again", plan_only },
    { ".plan", "", "what was planned in this session", show_plan },
    { ".audit", "[COUNT]", "the newest changes that were made, in this session and before", audit },
    { ".time", "EXPRESSION", "the value, and how long it took", measure },
    { ".json", "EXPRESSION", "the value as JSON", print_json },
    { ".table", "EXPRESSION", "all records of a list or an iterator as a table", print_table },
    { ".sql", "[@STORE] QUERY", "rows of the store uhost, or another one, such as @audit", query },
    { ".policy", "ARGUMENTS", "what `uhost policy` does, such as: .policy list", policy },
    { ".reload", "", "read modules of scripts again when they are next required", reload },
    { ".edit", "", "write the last input anew in $EDITOR, and run it", edit },
    { ".load", "FILE", "run a file in this session", load_file },
    { ".save", "FILE", "write what was typed to a new file", save },
    { ".quit", "", "leave, as does Control-D", function() return "quit" end },
}

---@return string[]
function M.names()
    local names = {}
    for i, command in ipairs(M.list) do names[i] = command[1] end
    return names
end

--- Runs a line that begins with a dot. Returns "quit" when the session is to end.
---@param repl repl.Repl
---@param line string
---@return string?
function M.run(repl, line)
    local name, argument = line:match("^(%.%S*)%s*(.-)%s*$")
    for _, command in ipairs(M.list) do
        if command[1] == name then return command[4](repl, argument) end
    end
    uhost.fail("usage", ("there is no command '%s'"):format(name),
        { hint = uhost.suggest(name, M.names()) or ".help lists the commands" })
end

return M

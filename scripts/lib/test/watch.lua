-- Runs tests again when a save touches them. Every run is a process of its own: it sees files as they are now, and what
-- hangs in it or brings it down harms nothing here. A save during a run ends that run, and its tests run with the new.
local processes = require("lib.test.processes")
local selection = require("lib.test.selection")
local display_path = require("lib.display_path")

local M = {}

local function clear_screen()
    local kind = os.getenv("TERM")
    if term.is_terminal("stdout") and kind and kind ~= "dumb" then io.write("\27[2J\27[H") end
end

-- The tests that paths stand for now: absolute path -> how to say it. What is broken or gone must not end the watch.
local function current_tests(paths, shipped)
    local there = {}
    for _, path in ipairs(paths) do
        if fs.exists(path) then there[#there + 1] = path end
    end
    if #paths > 0 and #there == 0 then return {} end
    local selected = selection.select(there, shipped)
    local tests = {}
    for _, file in ipairs(selected.specs) do tests[fs.absolute(file)] = display_path(file) end
    for _, rule in ipairs(selected.rules) do tests[rule.file] = rule.shown end
    return tests
end

-- Whether anything in `changed`, a set of absolute paths, is the test, one of its files, or a folder above them.
local function is_touched(test, dependencies, changed)
    if changed[test] then return true end
    for _, file in ipairs(dependencies[test] or {}) do
        if changed[file] then return true end
    end
    return false
end

local function absolute_set(paths)
    local set = {}
    for _, path in ipairs(paths) do set[fs.absolute(path)] = true end
    return set
end

local Watcher = {}
Watcher.__index = Watcher

-- Files that tests load are watched wherever they are. One whose folder is gone cannot be.
function Watcher:watch_more(file)
    if self.watched[file] then return end
    self.watched[file] = true
    local ok, raised = pcall(self.watch.add, self.watch, file)
    if not ok and raised.kind ~= "fs.watch" then error(raised, 0) end
end

-- What the run has found out about the files that its tests load.
function Watcher:learn(report)
    local read = processes.read_report(report)
    if not read then return end
    for test, list in pairs(read.loaded_files) do
        self.dependencies[test] = list
        for _, file in ipairs(list) do self:watch_more(file) end
    end
    fs.remove(report)
end

function Watcher:run(tests)
    local report = fs.join(self.folder:path(), "report.json")
    fs.remove(report)
    local command = processes.command(report, self.arguments, tests)
    command.stdout, command.stderr = "pass", "pass"
    command.env = { UHOST_STATE = fs.join(self.folder:path(), "state") }
    local result = process.run(command)
    if result.signal then print(("the run was ended by %s"):format(result.signal)) end
    self:learn(report)
end

function Watcher:start(tests)
    self.running = tests
    local list = tables.sorted_keys(tests)
    self.work = task.spawn(function()
        self:run(list)
        self.running = {}
        print(term.style(("watching; %d of %d files ran"):format(#list, self.known), "dim"))
    end)
end

function Watcher:stop()
    if not self.work then return end
    self.work:cancel("a file was saved")
    self.work:join()
    self.work = nil
end

-- Editors save by way of files with other names, which are gone by now.
local function describe_change(changed, tests)
    local names, gone, seen = {}, {}, {}
    for _, path in ipairs(changed) do
        local name = display_path(path)
        if not seen[name] then table.insert(fs.exists(path) and names or gone, name) end
        seen[name] = true
    end
    if #names == 0 then names = gone end
    local more = #names > 3 and (" and %d more"):format(#names - 3) or ""
    return ("saved %s%s: running %s"):format(table.concat(names, ", ", 1, math.min(3, #names)), more,
        table.concat(tests, ", "))
end

-- The tests to run after these changes; nothing when they touch none.
function Watcher:touched(changed)
    local set, tests, found = absolute_set(changed), current_tests(self.paths, self.shipped), {}
    local everything = false
    for _, root in ipairs(self.roots) do everything = everything or set[fs.absolute(root)] or false end
    self.known = #tables.sorted_keys(tests)
    for test in pairs(tests) do
        if not self.seen[test] and set[test] or is_touched(test, self.dependencies, set) then found[test] = true end
        if everything and not self.seen[test] then found[test] = true end
        self.seen[test] = true
    end
    return next(found) and found or nil, tests
end

function Watcher:changed(changed)
    local found, tests = self:touched(changed)
    if not found then return end
    -- What was about to run is cut short, so it runs as well.
    for test in pairs(self.running) do
        if tests[test] then found[test] = true end
    end
    self:stop()
    clear_screen()
    local names = {}
    for _, test in ipairs(tables.sorted_keys(found)) do names[#names + 1] = tests[test] end
    print(term.style(describe_change(changed, names), "bold"))
    self:start(found)
end

---Runs the tests, and then those that are touched whenever a file is saved, until it is interrupted.
---@param paths string[]  as on the command line
---@param options { shipped?: boolean, arguments: string[] }  shipped: also uhost's own rules; arguments: of every run
function M.run(paths, options)
    -- Whoever reads through a pipe wants to know now, too.
    io.stdout:setvbuf("line")
    local watcher = setmetatable({
        paths = paths, shipped = options.shipped, arguments = options.arguments, folder = fs.temp_dir(),
        roots = selection.roots(paths, options.shipped),
        dependencies = {}, running = {}, seen = {}, watched = {},
    }, Watcher)
    watcher.watch = fs.watch({}, { skip = selection.skipped_folders })
    for _, root in ipairs(watcher.roots) do watcher.watch:add(root) end
    local tests = current_tests(paths, options.shipped)
    for test in pairs(tests) do watcher.seen[test] = true end
    watcher.known = #tables.sorted_keys(tests)
    if watcher.known > 0 then
        watcher:start(tests)
    else
        print("watching; there is no test yet")
    end
    for changed in watcher.watch do watcher:changed(changed) end
end

return M

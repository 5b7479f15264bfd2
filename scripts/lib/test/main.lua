-- `uhost test`: runs busted specs and the examples of rule files inside the host.
local command_line = require("lib.command_line")
local display_path = require("lib.display_path")

local processes = require("lib.test.processes")
local report = require("lib.test.report")
local selection = require("lib.test.selection")

local M = {}

local function read_options(arguments)
    local parser = command_line.parser("test", "Run specs (*_spec.lua, for busted) and the examples of rule files.", {
        "uhost test", "uhost test policies --coverage", "uhost test tests/lua --filter 'task.*cancel'",
        "uhost test tests --jobs 4 --slowest 10", "uhost test --watch",
    })
    parser:argument("paths", "Files or folders. A folder stands for the specs in it and the rule files in its "
        .. "policies/ and kb/. Default: policies/ and kb/, here or above, up to the repository's root, and tests/lua.")
        :args("*")
    parser:option("-f --filter", "Only tests whose full name matches this Lua pattern.")
    parser:option("--timeout", "How long a test may take, in seconds. Default: no limit for specs, 1 for examples.")
        :convert(tonumber)
    parser:option("-j --jobs", "Run so many spec files side by side, each in a process with a state folder of its own, "
        .. "and print each as it ends. Default: one after the other, in one process."):argname("N"):convert(tonumber)
    parser:option("--slowest", "List so many of the slowest tests at the end."):argname("N"):convert(tonumber)
    parser:option("--junit", "Write the results to this file too, as JUnit XML."):argname("FILE")
    parser:flag("--shipped", "Run the examples of the rule files that come with uhost, too.")
    parser:flag("--coverage", "List the functions and lines of rule files that no example runs. Specs are not counted: "
        .. "rule files run in a process of their own.")
    parser:flag("-w --watch", "Stay, and run again what a saved file touches; end with Ctrl-C.")
    parser:flag("--verbose", "Print every test as it ends.")
    -- For --jobs: print nothing but what the tests print.
    parser:flag("--without-summary"):hidden(true)
    -- For --watch and --jobs: where a run writes its results and which files each test has loaded.
    parser:option("--report"):hidden(true)
    -- The state folder is a temporary one already.
    parser:flag("--here"):hidden(true)
    local options = parser:parse(arguments)
    if options.timeout and not (options.timeout > 0 and options.timeout <= 86400) then
        parser:error("--timeout takes a number of seconds, more than 0 and at most a day")
    end
    for _, name in ipairs({ "jobs", "slowest" }) do
        local number = options[name]
        if number and not (number >= 1 and number <= 1000 and number % 1 == 0) then
            parser:error(("--%s takes a whole number from 1 to 1000"):format(name))
        end
    end
    return options
end

-- These options on a command line.
local function arguments_of(options, valued, flags)
    local arguments = {}
    for _, name in ipairs(valued) do
        if options[name] then
            table.insert(arguments, "--" .. name)
            table.insert(arguments, tostring(options[name]))
        end
    end
    for _, name in ipairs(flags) do
        if options[name] then table.insert(arguments, "--" .. name) end
    end
    return arguments
end

local function print_if_verbose(options)
    return function(result)
        if options.verbose then print(("%-8s %s"):format(result.status, result.name)) end
    end
end

local function append(list, more)
    for _, each in ipairs(more) do list[#list + 1] = each end
end

-- Runs spec files in processes of their own; adds to the results and to the files that tests loaded.
local function run_side_by_side(files, options, results, loaded_files)
    local on_test = print_if_verbose(options)
    local ended = 0
    processes.run_files(files, {
        jobs = options.jobs,
        arguments = { "--without-summary", unpack(arguments_of(options, { "filter", "timeout" }, {})) },
        on_file = function(run)
            ended = ended + 1
            for _, result in ipairs(run.results) do on_test(result) end
            report.print_file(run, ended, #files)
            append(results, run.results)
            for test, list in pairs(run.loaded_files) do loaded_files[test] = list end
        end,
    })
end

local function run_all(selected, options)
    local on_test = print_if_verbose(options)
    local recorder = options.report and require("lib.test.dependencies").recorder()
    local coverage = options.coverage and require("lib.test.coverage").new() or nil
    local loaded_files = recorder and recorder.files or {}
    local results = require("lib.test.examples").run(selected.rules, {
        filter = options.filter, timeout_s = options.timeout, coverage = coverage, on_test = on_test,
        touched = recorder and recorder.add or function() end,
    })
    if (options.jobs or 1) > 1 then
        run_side_by_side(selected.specs, options, results, loaded_files)
    else
        append(results, require("lib.test.specs").run(selected.specs, {
            filter = options.filter, timeout_s = options.timeout, recorder = recorder, on_test = on_test,
        }))
    end
    if options.report then processes.write_report(options.report, results, loaded_files) end
    return results, coverage
end

local function fail_for_nothing(options)
    local paths, shown_paths = options.paths, 5
    local where = #paths > 0 and table.concat(paths, ", ", 1, math.min(shown_paths, #paths))
        or "policies/ and kb/, here or above, and tests/lua"
    if #paths > shown_paths then where = ("%s and %d more"):format(where, #paths - shown_paths) end
    uhost.fail("usage", "no spec and no example was found in " .. where
        .. (options.filter and (" that matches '%s'"):format(options.filter) or ""),
        { hint = "specs are files named *_spec.lua; a filter is a Lua pattern, which has no '|'; --shipped runs the "
            .. "examples of uhost's own rules" })
end

local function run_here(options)
    local started = time.now()
    local selected = selection.select(options.paths, options.shipped)
    local shown = {}
    for _, rule in ipairs(selected.rules) do shown[rule.file] = rule.shown end
    local results, coverage = run_all(selected, options)
    task.sleep(0) -- raises what Ctrl-C left behind
    for _, result in ipairs(results) do result.shown = shown[result.file] or display_path(result.file) end
    if #results == 0 and not coverage then fail_for_nothing(options) end
    if options.junit then fs.write(options.junit, report.junit(results, time.iso(started))) end
    if not options.without_summary then
        report.print(results, { coverage = coverage and coverage:describe(), slowest = options.slowest })
    end
    local totals = report.totals(results)
    if totals.broken > 0 then return 2 end
    return totals.failed > 0 and 1 or 0
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    if options.watch then
        local every_run = arguments_of(options, { "filter", "timeout", "jobs", "slowest", "junit" },
            { "coverage", "verbose" })
        return require("lib.test.watch").run(options.paths, { shipped = options.shipped, arguments = every_run })
    end
    -- Under --dry-run nothing writes into the user's state, and a child could not write anywhere.
    local has_own_state = options.here or options.report or uhost.dry_run
    if not has_own_state then return processes.run_with_own_state(arguments) end
    return run_here(options)
end

return M

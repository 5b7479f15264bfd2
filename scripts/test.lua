-- Run specs and the examples of rule files
local command_line = require("lib.command_line")

local function parse()
    local parser = command_line.parser("test", "Run specs (*_spec.lua, for busted) and the examples of rule files.", {
        "uhost test policies/crash_tests.lua --coverage", "uhost test tests/lua --filter 'task.*cancel'",
        "uhost test tests --jobs 4 --slowest 10", "uhost test --watch",
    })
    parser:argument("paths", "Files or folders. A folder stands for the specs in it and the rule files in its "
        .. "policies/ and kb/. Default: ./policies, ./kb, the rules shipped with uhost, and tests/lua if there is one.")
        :args("*")
    parser:option("-f --filter", "Only tests whose full name matches this Lua pattern.")
    parser:option("--timeout", "How long a test may take, in seconds. Default: no limit for specs, 1 for examples.")
        :convert(tonumber)
    parser:option("-j --jobs", "Run so many spec files side by side, each in a process with a state folder of its own, "
        .. "and print each as it ends. Default: one after the other, in this process."):argname("N"):convert(tonumber)
    parser:option("--slowest", "List so many of the slowest tests at the end."):argname("N"):convert(tonumber)
    parser:option("--junit", "Write the results to this file too, as JUnit XML."):argname("FILE")
    parser:flag("--coverage", "List the functions and lines of rule files that no example runs.")
    parser:flag("-w --watch", "Stay, and run again what a saved file touches; end with Ctrl-C.")
    parser:flag("--verbose", "Print every test as it ends.")
    -- For --jobs: print nothing but what the tests print.
    parser:flag("--without-summary"):hidden(true)
    -- For --watch and --jobs: where a run writes its results and which files each test has loaded.
    parser:option("--report"):hidden(true)
    local options = parser:parse()
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

local options = parse()

-- These options on a command line.
local function arguments_of(valued, flags)
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

if options.watch then
    local arguments = arguments_of({ "filter", "timeout", "jobs", "slowest", "junit" }, { "coverage", "verbose" })
    return require("lib.test.watch").run(options.paths, arguments)
end

local processes = require("lib.test.processes")
local selection = require("lib.test.selection")
local summary = require("lib.test.summary")

local function on_test(result)
    if options.verbose then print(("%-8s %s"):format(result.status, result.name)) end
end

local function append(list, more)
    for _, each in ipairs(more) do list[#list + 1] = each end
end

-- Runs spec files in processes of their own; adds to the results and to the files that tests loaded.
local function run_side_by_side(files, results, loaded_files)
    local ended = 0
    processes.run_files(files, {
        jobs = options.jobs, arguments = { "--without-summary", unpack(arguments_of({ "filter", "timeout" }, {})) },
        on_file = function(run)
            ended = ended + 1
            for _, result in ipairs(run.results) do on_test(result) end
            summary.print_file(run, ended, #files)
            append(results, run.results)
            for test, list in pairs(run.loaded_files) do loaded_files[test] = list end
        end,
    })
end

local function run_all(selected)
    local recorder = options.report and require("lib.test.dependencies").recorder()
    local coverage = options.coverage and require("lib.test.coverage").new() or nil
    local loaded_files = recorder and recorder.files or {}
    local results = require("lib.test.examples").run(selected.rules, {
        filter = options.filter, timeout_s = options.timeout, coverage = coverage, on_test = on_test,
        touched = recorder and recorder.add or function() end,
    })
    if (options.jobs or 1) > 1 then
        run_side_by_side(selected.specs, results, loaded_files)
    else
        append(results, require("lib.spec_runner").run(selected.specs, {
            filter = options.filter, timeout_s = options.timeout, recorder = recorder, on_test = on_test,
        }))
    end
    if options.report then processes.write_report(options.report, results, loaded_files) end
    return results, coverage
end

local function fail_for_nothing()
    local paths, shown_paths = options.paths, 5
    local where = #paths > 0 and table.concat(paths, ", ", 1, math.min(shown_paths, #paths))
        or "policies/, kb/ and tests/lua"
    if #paths > shown_paths then where = ("%s and %d more"):format(where, #paths - shown_paths) end
    uhost.fail("usage", "no spec and no example was found in " .. where
        .. (options.filter and (" that matches '%s'"):format(options.filter) or ""),
        { hint = "specs are files named *_spec.lua; a filter is a Lua pattern, where | is no alternative" })
end

local started = time.now()
local selected = selection.select(options.paths)
local shown = {}
for _, rule in ipairs(selected.rules) do shown[rule.file] = rule.shown end
local results, coverage = run_all(selected)
task.sleep(0) -- raises what Ctrl-C left behind
for _, result in ipairs(results) do result.shown = shown[result.file] or require("lib.shown_path")(result.file) end
if #results == 0 and not coverage then fail_for_nothing() end
if options.junit then
    fs.write(options.junit, require("lib.test.junit").render(results, time.iso(started)))
end
if not options.without_summary then
    summary.print(results, { coverage = coverage and coverage:describe(), slowest = options.slowest })
end
local totals = summary.totals(results)
if totals.broken > 0 then return 2 end
return totals.failed > 0 and 1 or 0

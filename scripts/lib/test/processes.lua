-- Runs of `uhost test` in processes of their own: for --watch, and for --jobs, which runs spec files side by side.
local display_path = require("lib.display_path")

local M = {}

-- What a process wrote before it died is shown from the end; the rest seldom helps.
local max_output_shown = 16 * 1024

-- The host's part of this process's command line: the program, its options, and the name of the script. The children
-- write to a pipe, so that this process decides about colours.
local function host_command()
    local file = assert(io.open("/proc/self/cmdline", "rb"))
    local words = {}
    for word in file:read("*a"):gmatch("([^%z]*)%z") do words[#words + 1] = word end
    file:close()
    local command = { fs.readlink("/proc/self/exe"), "--color", term.color("stdout") and "always" or "never" }
    local position = 2
    while position <= #words - #arg do
        if words[position] == "--color" then
            position = position + 1
        elseif not words[position]:find("^%-%-color=") then
            command[#command + 1] = words[position]
        end
        position = position + 1
    end
    return command
end

local function append(list, more)
    for _, each in ipairs(more) do list[#list + 1] = each end
end

---The command that runs tests in another process, with the options of this one's host. The process writes its report,
---a JSON object, to a file: `results`, and `loaded_files`, the files that each test loaded.
---@param report string  the file
---@param arguments string[]  options of `uhost test`
---@param tests string[]  files
---@return process.RunOptions
function M.command(report, arguments, tests)
    local command = host_command()
    for _, list in ipairs({ { "--report", report }, arguments, tests }) do append(command, list) end
    return command
end

---Runs `uhost test` again with these arguments, in a process that has a state folder of its own, and whose children
---have it too: tests must not write into the user's.
---@param arguments string[]
---@return integer exit_code
function M.run_with_own_state(arguments)
    local folder = fs.temp_dir()
    return task.finally(function()
        local command = host_command()
        append(command, { "--here" })
        append(command, arguments)
        command.stdout, command.stderr = "pass", "pass"
        command.env = { UHOST_STATE = fs.join(folder:path(), "state") }
        local ended = process.run(command)
        if ended.signal then
            uhost.fail("test.ended", ("the tests were ended by %s"):format(ended.signal),
                { hint = "a crash of the host, or a limit of the machine; --jobs shows which file it was" })
        end
        return ended.code
    end, function() folder:close() end)
end

---@param report string  the file
---@param results TestResult[]
---@param loaded_files table<string, string[]>
function M.write_report(report, results, loaded_files)
    fs.write(report, json.encode({ results = json.array(results), loaded_files = loaded_files },
        { invalid_utf8 = "replace" }))
end

---@param report string  the file
---@return { results: TestResult[], loaded_files: table<string, string[]> }?  nil when the process did not get so far
function M.read_report(report)
    local ok, decoded = pcall(json.decode, fs.read(report) or "", { omit_null = true })
    return ok and decoded or nil
end

local function last_part(text)
    return #text > max_output_shown and "…" .. text:sub(-max_output_shown) or text
end

-- The result of a file whose process ended before it could report.
local function died(file, ended)
    local how = ended.signal and "was ended by " .. ended.signal or "ended with code " .. tostring(ended.code)
    return {
        name = display_path(file), file = file, status = "error", time_s = 0,
        message = ("the process of this file %s\n%s"):format(how, last_part(ended.stdout)),
    }
end

-- Every file gets a state folder and a folder for temporary files of its own, so that none sees what another leaves.
local function run_file(file, arguments)
    local folder = fs.temp_dir()
    return task.finally(function()
        local report, temporary = fs.join(folder:path(), "report.json"), fs.join(folder:path(), "tmp")
        fs.mkdir(temporary)
        local command = M.command(report, arguments, { file })
        command.merge_stderr = true
        command.env = { UHOST_STATE = fs.join(folder:path(), "state"), TMPDIR = temporary }
        local ended = process.run(command)
        local read = M.read_report(report)
        return read or { results = { died(file, ended) }, loaded_files = {} }, ended
    end, function() folder:close() end)
end

---Runs spec files, some at a time.
---@param files string[]
---@param options { jobs: integer, arguments: string[], on_file: fun(run: table) }
---  arguments: options of `uhost test` for each; on_file: called as each file ends, with `file`, `results`,
---  `loaded_files`, `time_s`, and `output`, what the tests printed
function M.run_files(files, options)
    task.map(files, function(file)
        local report, ended = run_file(file, options.arguments)
        options.on_file({
            file = file, results = report.results, loaded_files = report.loaded_files, time_s = ended.duration_s,
            output = ended.stdout,
        })
    end, { concurrency = options.jobs })
end

return M

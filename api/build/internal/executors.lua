-- Executors: files of policies/executors/, pure functions in the sandbox. They say what to do next; it is done here,
-- within what the settings of the machine's owner allow, and they are called again with what came of it.
local outputs = require("uhost.build.internal.output")

-- What the executors that come with uhost may run and ask. For those of others the settings say so.
local shipped = {
    ssh = { programs = { "ssh" } },
    slurm = { programs = { "sbatch", "squeue", "scancel", "tar" } },
    kubernetes = { programs = {}, secret = "KUBERNETES_TOKEN" },
    github = { programs = {}, github = true },
}

local max_steps, max_at_once, request_timeout_s = 500, 8, 120
local max_answer_bytes, max_file_bytes = 16 * 2 ^ 20, 2 ^ 16

return function(native)
    local M = {}

    local loaded = {}

    local function contains(list, value)
        for _, each in ipairs(list) do
            if each == value then return true end
        end
        return false
    end

    local function fail(name, message, hint)
        uhost.fail("policy.executor", ("executor '%s': %s"):format(name, message), { hint = hint,
            details = { executor = name } })
    end

    -- Loading ---------------------------------------------------------------------------------------------------------

    -- Not every word that is a number to Lua is one here: "nan", "0x1".
    local function key_of(word) return word:find("^%d+$") and tonumber(word) or word end

    -- "hosts.1" and "hosts.2" are a list, as they were before settings were taken apart.
    local function nested(flat)
        local root = {}
        for name, value in pairs(flat) do
            local place, rest = root, name
            for part in name:gmatch("([^.]+)%.") do
                part = key_of(part)
                if type(place[part]) ~= "table" then place[part] = {} end
                place, rest = place[part], rest:match("%.(.*)$")
            end
            place[key_of(rest)] = value
        end
        return root
    end

    local function settings_of(name) return nested(native.executor_settings())[name] end

    --- The executor that jobs go to where a script names none.
    ---@return string
    function M.default()
        local name = native.default_executor()
        return name ~= "" and name or "local"
    end

    --- How many jobs run here at a time, if a setting says so.
    ---@return integer?
    function M.local_slots() return (settings_of("local") or {}).slots end

    --- The names of all executors.
    ---@return string[]
    function M.names()
        local names = { ["local"] = true }
        for _, options in ipairs({ {}, { folder = uhost.share .. "/policies" } }) do
            for _, each in ipairs(policy.paths(options)) do
                local name = each.name:match("^executors/([%l%d_]+)$")
                if name then names[name] = true end
            end
        end
        return tables.sorted_keys(names)
    end

    -- A list, also where the command line gave one word.
    local function list_of(value) return type(value) == "string" and { value } or value or {} end

    local function load(name)
        if not name:find("^[%l%d_]+$") or not contains(M.names(), name) then
            uhost.fail("policy.executor", ("there is no executor '%s'"):format(name:sub(1, 100)),
                { hint = uhost.suggest(name, M.names()), details = { executor = name } })
        end
        local rules = policy.load("executors/" .. name)
        local is_own = false
        for _, origin in ipairs(rules:explain()) do is_own = is_own or origin.is_user end
        local settings = settings_of(name)
        if is_own and not settings then
            fail(name, "its file is not uhost's, and no setting allows it",
                ("read %s, then set build.executors.%s in your own uhost.lua"):format(rules:files()[1], name))
        end
        settings = settings or {}
        local rights = not is_own and shipped[name] or { secret = "EXECUTOR_TOKEN" }
        local folder = fs.absolute(settings.folder or fs.join(uhost.state_folder(), "jobs"))
        fs.mkdir(folder)
        return {
            name = name, rules = rules, settings = settings, data = rules:data(), functions = rules:functions(),
            programs = settings.programs and list_of(settings.programs) or rights.programs or {},
            secret = rights.secret, uses_github = rights.github or settings.github == true, folder = folder,
        }
    end

    --- The executor of a name. Raises `policy.executor`.
    ---@param name string
    ---@return table
    function M.load(name)
        loaded[name] = loaded[name] or load(name)
        return loaded[name]
    end

    -- Doing what it says ----------------------------------------------------------------------------------------------

    -- What `process` takes for a command of the executor's.
    local function command_of(executor, step, options)
        local words = step.command
        if type(words) ~= "table" or #words == 0 then fail(executor.name, "a command is a list of words") end
        if not contains(executor.programs, words[1]) then
            fail(executor.name, ("it may not run '%s'"):format(tostring(words[1])),
                ("if that is right, name it in the setting build.executors.%s.programs"):format(executor.name))
        end
        for i, word in ipairs(words) do options[i] = word end
        options.stdin = step.stdin
        return options
    end

    -- Only what the executor itself writes: names of files in its folder.
    local function file_of(executor, name)
        if type(name) ~= "string" or not name:find("^[%w][%w._-]*$") then
            fail(executor.name, ("'%s' does not name a file in its folder"):format(tostring(name)))
        end
        return fs.join(executor.folder, name)
    end

    -- The last bytes of a file, which the executor gets to see.
    local function end_of(path)
        local file = io.open(path, "rb")
        if not file then return nil end
        file:seek("set", math.max(file:seek("end") - max_file_bytes, 0))
        local text = file:read("*a")
        file:close()
        return text
    end

    local function run(executor, step)
        local result = process.run(command_of(executor, step,
            { reads = true, timeout_s = request_timeout_s, max_output_bytes = max_answer_bytes }))
        return { code = result.code, signal = result.signal, stdout = result.stdout, stderr = result.stderr }
    end

    -- Where a request goes: below the address in the settings, with the executor's secret.
    local function target_of(executor, request)
        local base = executor.settings.url
        if type(base) ~= "string" then
            fail(executor.name, "its address is not set", ("set build.executors.%s.url"):format(executor.name))
        end
        if type(request.path) ~= "string" or request.path:sub(1, 1) ~= "/" then
            fail(executor.name, "a request has a `path` that begins with /")
        end
        local url = base:gsub("/+$", "") .. request.path
        if native.host_of(url) ~= native.host_of(base) then fail(executor.name, "a request leads to another host") end
        local scheme = type(executor.data.auth) == "string" and executor.data.auth or "Bearer"
        return url, executor.secret and native.credential(executor.secret, url, scheme)
    end

    local function decoded(body)
        local ok, value = pcall(json.decode, body)
        return ok and value or body:sub(1, 4096)
    end

    -- A change is planned by whoever asks, as the submission or the end of a job.
    local function request(executor, step)
        local wanted = step.request
        local url, credential = target_of(executor, wanted)
        local method = wanted.method or "GET"
        local response = http.request{ method = method, url = url, query = wanted.query, json = wanted.json,
            headers = wanted.headers, credential = credential, timeout_s = request_timeout_s, mutates = false,
            repeatable = method ~= "POST" and method ~= "PATCH", max_bytes = max_answer_bytes }
        return { status = response.status, body = decoded(response.body) }
    end

    local refusals = { 403, 404, 409, 410, 422 }

    local function ask_github(executor, step)
        local wanted = step.github
        if not executor.uses_github then fail(executor.name, "it may not ask GitHub") end
        local repository = executor.settings.repository
        if type(repository) ~= "string" then
            fail(executor.name, "it is not set which repository has the workflow",
                ("set build.executors.%s.repository to \"owner/name\""):format(executor.name))
        end
        if type(wanted.path) ~= "string" or not wanted.path:find("^actions/") or wanted.path:find("..", 1, true) then
            fail(executor.name, "it may only ask GitHub for actions/…")
        end
        local body, response = github.request{ method = wanted.method, repository = repository, path = wanted.path,
            query = wanted.query, json = wanted.json, statuses = refusals }
        return { status = response.status, body = body or decoded(response.body) }
    end

    local do_step

    local kinds = {
        command = run, request = request, github = ask_github,
        file = function(executor, step) return { text = end_of(file_of(executor, step.file)) } end,
        wait_s = function(_, step)
            task.sleep(math.min(step.wait_s, 60))
            return {}
        end,
        all = function(executor, step)
            return task.map(step.all, function(each) return do_step(executor, each) end, { concurrency = max_at_once })
        end,
    }

    local function kind_of(step)
        for name in pairs(kinds) do
            if step[name] ~= nil then return name end
        end
    end

    function do_step(executor, step)
        return kinds[kind_of(step) or fail(executor.name, "a step is none of those")](executor, step)
    end

    --- Calls a function of an executor until it gives its result, each time with the answers to what it wanted so far.
    ---@param executor table
    ---@param name string  "submit"
    ---@param subject table  a job, or for `poll` { jobs = {…} }
    ---@return any result
    function M.ask(executor, name, subject)
        subject.settings, subject.folder = executor.settings, executor.folder
        local answers = {}
        for _ = 1, max_steps do
            local step = executor.rules:call(name, subject, answers)
            if type(step) ~= "table" or not kind_of(step) then return step end
            answers[#answers + 1] = do_step(executor, step)
        end
        fail(executor.name, ("%s never comes to an end"):format(name))
    end

    --- The first step of a function, as a plan shows it.
    ---@return string
    function M.preview(executor, name, subject)
        subject.settings, subject.folder = executor.settings, executor.folder
        local step = executor.rules:call(name, subject, {})
        if type(step) ~= "table" then return "" end
        if step.command then return table.concat(step.command, " ") end
        local wanted = step.request or step.github
        return wanted and ("%s %s"):format(wanted.method or "GET", wanted.path) or ""
    end

    -- Output ----------------------------------------------------------------------------------------------------------

    local function lines_of(executor, source)
        if source.file then
            local path = file_of(executor, source.file)
            return fs.exists(path) and fs.lines(path) or function() end
        elseif source.request then
            local url, credential = target_of(executor, source.request)
            local stream = http.stream(url, { query = source.request.query, credential = credential })
            return stream.ok and stream:lines() or function() end
        elseif source.job_log then
            local stream = executor.uses_github
                and github.repository(executor.settings.repository):job_log(source.job_log)
            return stream and stream:lines() or function() end
        elseif source.command then
            return process.start(command_of(executor, source,
                { reads = true, max_output_bytes = outputs.max_line_bytes })):lines()
        end
        fail(executor.name, "a part of a log is a file, a command, a request or a job_log")
    end

    --- Hands what a job has written to `take`, line by line.
    ---@param executor table
    ---@param subject table
    ---@param take fun(line: string)
    function M.read_log(executor, subject, take)
        if not executor.functions.logs then return end
        local answer = M.ask(executor, "logs", subject) or {}
        for _, source in ipairs(answer.parts or {}) do
            if source.title then take("##[group]" .. source.title) end
            for line in lines_of(executor, source) do take(line) end
            if source.title then take("##[endgroup]") end
        end
    end

    -- Artifacts -------------------------------------------------------------------------------------------------------

    local function fail_archive(what) uhost.fail("build.artifact", "cannot unpack the artifacts: " .. what) end

    -- Whether a link within a folder leads to something in it. One that passes through another link counts as leading
    -- out: only its text is read here.
    local function stays_inside(folder, link)
        local target = fs.readlink(link)
        if target:sub(1, 1) == "/" then return false end
        local path = fs.dirname(link)
        for part in target:gmatch("[^/]+") do
            if fs.readlink(path) or part == ".." and path == folder then return false end
            path = part == ".." and fs.dirname(path) or part == "." and path or fs.join(path, part)
        end
        return true
    end

    -- A job's archive is a stranger's. What is to be read below the folder, now or after the next archive, is of files
    -- there.
    local function check_unpacked(folder)
        for path, type in fs.walk(folder) do
            local is_fine = type == "file" or type == "directory" or type == "symlink" and stays_inside(folder, path)
            if not is_fine then
                fail_archive(("'%s' is no file, or leads out of the archive"):format(
                    term.truncate(term.visible(path:sub(#folder + 2)), 100)))
            end
        end
    end

    local function unpack_archive(command, scratch, folder)
        command.mutates = "unpack artifacts into " .. scratch
        local result = process.run(command)
        if result.code ~= 0 then fail_archive(result.stderr:match("[^\n]*")) end
        check_unpacked(scratch)
        process.run{ "cp", "-RP", "--", scratch .. "/.", folder, check = true,
            mutates = "put the artifacts into " .. folder }
    end

    local function fetch_archive(executor, part, file, folder)
        local scratch = file .. ".unpacked"
        fs.mkdir(scratch)
        if part.artifact then
            local into = part.into or "."
            if into ~= "." and not into:find("^[%w_-][%w._-]*$") then
                fail(executor.name, ("'%s' does not name a folder for artifacts"):format(tostring(into)))
            end
            local got = executor.uses_github
                and github.repository(executor.settings.repository):download_artifact(part.artifact, file)
            return got and unpack_archive({ "unzip", "-q", "-o", file, "-d", fs.join(scratch, into) }, scratch, folder)
        end
        local result = process.run(command_of(executor, part, { stdout = { file = file } }))
        if result.code ~= 0 then
            uhost.fail("build.artifact", ("cannot fetch the artifacts: %s"):format(result.stderr:match("[^\n]*")))
        end
        unpack_archive({ "tar", "-xf", file, "-C", scratch, "--no-same-owner", "--no-same-permissions" }, scratch,
            folder)
    end

    --- Fetches the artifacts of a job into a folder.
    ---@param executor table
    ---@param subject table
    ---@param folder string
    function M.collect(executor, subject, folder)
        local answer = executor.functions.collect and M.ask(executor, "collect", subject)
        if not answer or not answer.parts then
            uhost.fail("build.artifact", ("executor '%s' keeps no artifacts%s"):format(executor.name,
                answer and answer.reason and ": " .. answer.reason or ""))
        end
        fs.mkdir(folder)
        local scratch = fs.temp_dir()
        task.finally(function()
            for i, part in ipairs(answer.parts) do
                fetch_archive(executor, part, fs.join(scratch:path(), "archive-" .. i), folder)
            end
        end, function() scratch:close() end)
    end

    return M
end

-- `uhost scaffold`: from names of modules to files. What is there stays, unless somebody agrees.
local command_line = require("lib.command_line")
local github_actions = require("lib.github_actions")
local merge = require("lib.scaffold.merge")
local modules = require("lib.scaffold.modules")
local project_of = require("lib.scaffold.project")
local unified_diff = require("lib.unified_diff")

local M = {}

local max_bytes = 1024 * 1024
local language_names = { "rust", "cpp", "python", "node", "go" }

local function names()
    local list = {}
    for i, module in ipairs(modules) do list[i] = module.name end
    return list
end

local function read_options(arguments)
    local parser = command_line.parser("scaffold",
        "Write the files that a project needs, such as CI, releases and containers. What is there already is kept: a "
        .. "file that lacks something gets it after its diff was shown and you agreed.",
        { "uhost scaffold --list", "uhost scaffold --demo", "uhost --dry-run scaffold ci release --language rust",
            "uhost scaffold dependabot --yes" },
        "0 everything is there, 1 something differs and was left alone, 2 usage, 3 a file could not be written, "
        .. "130 interrupted.")
    parser:argument("names", "What to write: " .. table.concat(names(), ", ") .. "."):args("*")
    parser:option("--language", "The project's language (default: by its manifest, such as Cargo.toml).")
        :choices(language_names)
    parser:flag("--yes", "Write what was merged, without asking.")
    parser:flag("--force", "Replace files that differ, without asking.")
    parser:flag("--list", "List what can be written.")
    parser:flag("--json", "Write what became of each file as JSON (uhost schema scaffold).")
    parser:flag("--demo", "Show what becomes of files in a project made for it.")
    return parser:parse(arguments)
end

local function list_modules()
    for _, module in ipairs(modules) do print(("%-12s %s"):format(module.name, module.says)) end
    return 0
end

local function chosen(options)
    if #options.names == 0 then
        uhost.fail("usage", "say what to write", { hint = "uhost scaffold --list shows what there is" })
    end
    local list = {}
    for i, name in ipairs(options.names) do
        list[i] = modules[name] or uhost.fail("usage", ("'%s' cannot be scaffolded"):format(name:sub(1, 60)),
            { hint = uhost.suggest(name, names()) or "uhost scaffold --list shows what there is" })
    end
    return list
end

local function check_language(module, project)
    if not module.needs_language or project.language then return end
    local found = #project.languages > 0 and "this project has several languages: "
        .. table.concat(project.languages, ", ") or "no manifest says which language this project is in"
    uhost.fail("usage", found, { hint = ("uhost scaffold %s --language %s"):format(module.name,
        project.languages[1] or table.concat(language_names, "|")) })
end

-- Files ---------------------------------------------------------------------------------------------------------------

-- A link in a repository could lead a file out of it.
local function refuse_links(root, path)
    local at = root
    for part in path:gmatch("[^/]+") do
        at = fs.join(at, part)
        if fs.readlink(at) then
            uhost.fail("usage", ("%s is a symbolic link, and nothing is written through it"):format(at),
                { hint = "replace it by a file or folder" })
        end
    end
end

---@class scaffold.File
---@field path string
---@field module string
---@field status "created"|"unchanged"|"merged"|"replaced"|"kept"
---@field before? string
---@field after string
---@field diff? string
---@field is_mergeable? boolean  of one that is kept: it could have been merged

-- Names that mean the same file.
local other_names = { ["compose.yaml"] = { "compose.yml", "docker-compose.yml", "docker-compose.yaml" } }

-- What the project calls the file.
local function own_name(project, path)
    if fs.exists(fs.join(project.root, path)) then return path end
    for _, name in ipairs(other_names[path] or { (path:gsub("%.yml$", ".yaml")) }) do
        if fs.exists(fs.join(project.root, name)) then return name end
    end
    return path
end

local function decide(project, module, generic_path, text, options)
    local path = own_name(project, generic_path)
    refuse_links(project.root, path)
    local before = fs.read(fs.join(project.root, path), { limit_bytes = max_bytes })
    local file = { path = path, module = module.name, before = before, after = text }
    if before == nil then
        file.status = "created"
    elseif before == text then
        file.status = "unchanged"
    elseif options.force then
        file.status = "replaced"
    else
        local merged = merge.of(generic_path, before, text)
        file.status = merged == before and "unchanged" or merged and "merged" or "kept"
        file.after = merged or text
    end
    if file.status ~= "unchanged" and before then file.diff = unified_diff.of(path, before, file.after) end
    return file
end

-- Dependabot comes last: it looks after what the others bring.
local function in_order(list)
    local order = {}
    for _, is_last in ipairs({ false, true }) do
        for _, module in ipairs(list) do
            if (module.name == "dependabot") == is_last then order[#order + 1] = module end
        end
    end
    return order
end

local function plan(project, list, options)
    local files, seen, has = {}, {}, project.has
    function project.has(path) return seen[path] or has(path) end
    for _, module in ipairs(in_order(list)) do
        check_language(module, project)
        local made = module.files(project)
        for _, path in ipairs(tables.sorted_keys(made)) do
            if not seen[path] then files[#files + 1] = decide(project, module, path, made[path], options) end
            seen[path] = true
        end
    end
    return files
end

local function can_ask() return term.is_terminal("stdin") and term.is_terminal("stdout") end

local function ask(question)
    io.write(question, " [y/N] ")
    return (io.read("*l") or ""):lower():match("^%s*y") ~= nil
end

-- Whether a file is to be written as it was decided. One that is kept may be replaced by whoever is asked.
local function is_agreed(file, options)
    if file.status == "created" or file.status == "replaced" then return true end
    if file.status == "merged" and (options.yes or uhost.dry_run) then return true end
    if options.json or uhost.dry_run or not can_ask() then return false end
    if file.status == "merged" then return ask("Write this?") end
    if options.yes or not ask("Replace yours by this?") then return false end
    file.status = "replaced"
    return true
end

local styles = { ["+"] = "green", ["-"] = "red", ["@"] = "cyan" }

local function show_diff(file)
    for line in file.diff:gmatch("[^\n]+") do
        local style = styles[line:sub(1, 1)]
        local text = term.visible(line)
        print("    " .. (style and term.style(text, style) or text))
    end
end

local words = { created = "green", merged = "yellow", replaced = "yellow", kept = "bold yellow" }

local function show(file)
    local word = ("%-9s"):format(file.status)
    local style = words[file.status]
    print(("%s  %s"):format(style and term.style(word, style) or word, file.path))
end

local function write(project, file)
    local path = fs.join(project.root, file.path)
    fs.mkdir(fs.dirname(path))
    fs.write(path, file.after)
end

local function perform(project, files, options)
    for _, file in ipairs(files) do
        if not options.json and file.diff then show_diff(file) end
        local is_merge = file.status == "merged"
        if file.status ~= "unchanged" and is_agreed(file, options) then
            write(project, file)
        elseif is_merge then
            file.status, file.is_mergeable = "kept", true
        end
        if not options.json then show(file) end
    end
end

-- Output --------------------------------------------------------------------------------------------------------------

local function as_json(files, steps)
    local list = json.array({})
    for i, file in ipairs(files) do
        list[i] = { path = file.path, module = file.module, status = file.status, diff = file.diff or json.null }
    end
    local text = json.encode({ files = list, next = json.array(steps) }, { indent = 2, invalid_utf8 = "replace" })
    io.write(github_actions.without_commands(text .. "\n", "json"))
end

-- What is left to do, of modules that brought something.
local function next_steps(list, files)
    local new, steps = {}, {}
    for _, file in ipairs(files) do new[file.module] = new[file.module] or file.status == "created" end
    for _, module in ipairs(list) do
        if module.next and new[module.name] then steps[#steps + 1] = ("%s: %s"):format(module.name, module.next) end
    end
    return steps
end

local function counted(count, one, many) return ("%d %s"):format(count, count == 1 and one or many) end

local function show_rest(files, steps)
    local mergeable, different = 0, 0
    for _, file in ipairs(files) do
        if file.status == "kept" and file.is_mergeable then mergeable = mergeable + 1 end
        if file.status == "kept" and not file.is_mergeable then different = different + 1 end
    end
    if mergeable > 0 then
        print(("%s something: --yes writes what is shown"):format(counted(mergeable, "file lacks", "files lack")))
    end
    if different > 0 then
        print(("%s and cannot be merged: --force replaces"):format(counted(different, "file differs", "files differ")))
    end
    if #steps > 0 then print("Left to do:") end
    for _, step in ipairs(steps) do
        local lines = term.wrap(step, math.min(term.width(), 100) - 4)
        print("  " .. table.concat(lines, "\n    "))
    end
    return mergeable + different
end

local function finish(files, steps, options)
    if not options.json then return show_rest(files, steps) > 0 and 1 or 0 end
    as_json(files, steps)
    for _, file in ipairs(files) do
        if file.status == "kept" then return 1 end
    end
    return 0
end

local function scaffold(project, options)
    local list = chosen(options)
    local files = plan(project, list, options)
    perform(project, files, options)
    return finish(files, next_steps(list, files), options)
end

-- Each kind of outcome: new files, some that are there, one that lacks something, one that nobody can merge.
local function demonstrate(options)
    local folder = fs.temp_dir()
    return task.finally(function()
        local root = folder:path()
        fs.write(root .. "/Cargo.toml", '[package]\nname = "kiln"\nversion = "1.0.0"\n')
        fs.mkdir(root .. "/.github")
        fs.write(root .. "/.github/dependabot.yml", "version: 2\nupdates:\n  # ours\n  - package-ecosystem: cargo\n"
            .. "    directory: /\n    schedule: { interval: daily }\n")
        fs.write(root .. "/Dockerfile", "FROM rust:1.91-slim-bookworm\nCOPY . .\nRUN cargo build\n")
        local project = project_of.open({ root = root, language = options.language })
        options.yes, options.names = true, #options.names > 0 and options.names or { "ci", "dependabot", "docker" }
        return scaffold(project, options)
    end, function() folder:close() end)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    if options.list then return list_modules() end
    if options.demo then return demonstrate(options) end
    chosen(options)
    return scaffold(project_of.open({ language = options.language }), options)
end

return M

-- The demonstration: a real git repository made for it, and GitHub's answers from a file beside this one. Nothing
-- leaves the process, and nothing is left behind.
local demo_git = require("lib.demo_git")

local M = {}

-- The history ---------------------------------------------------------------------------------------------------------

-- A small compiler's crash tests, with a case for every verdict, as `git fast-import` reads it. Dates count back from
-- now, so that windows such as `--since "6 months"` show something.
local one_day_s = 86400

-- Twelve lines that no other file has, so that a renamed file is recognised and no other one is taken for it.
local function source_of(name)
    local lines = {}
    for i = 1, 12 do lines[i] = ("fn %s_%d() { let _ = %q; }"):format(name:gsub("[^%w]", "_"), i, name .. i) end
    return table.concat(lines, "\n") .. "\n"
end

local function file(name, header) return (header and header .. "\n" or "") .. source_of(name) end

local function test(name) return "tests/crashes/" .. name end

-- Every test of the story, as it was added.
local tests = {
    ["101.rs"] = file("101"),
    ["102.rs"] = file("102"), ["102-2.rs"] = file("102-2"),
    ["opaque-cycle.rs"] = file("opaque-cycle", "//@ known-bug: example/solver#42"),
    ["105.rs"] = file("105"), ["106.rs"] = file("106"),
    ["107.rs"] = file("107"), ["119-ice.rs"] = file("119"),
    ["103.rs"] = file("103"), ["103-2.rs"] = file("103-2"),
    ["104.rs"] = file("104"), ["const-generics.rs"] = file("const-generics", "//@ known-bug: #104"),
    ["110.rs"] = file("110"), ["118.rs"] = file("118"),
    ["111.rs"] = file("111"), ["112.rs"] = file("112"), ["113.rs"] = file("113"),
    ["109.rs"] = file("109"), ["109-b.rs"] = file("109-b"),
    ["mystery.rs"] = file("mystery", "//@ known-bug: unknown"),
    ["auxiliary/helper.rs"] = file("helper"),
}

local function add_all()
    local changes = {}
    for name, content in pairs(tests) do changes[#changes + 1] = { add = test(name), content = content } end
    table.sort(changes, function(a, b) return a.add < b.add end)
    return changes
end

local function delete(...)
    local changes = {}
    for i, name in ipairs({ ... }) do changes[i] = { delete = test(name) } end
    return changes
end

local function put_back(name) return { add = test(name), content = tests[name] } end

local function move(from, to) return { { delete = test(from) }, { add = to, content = tests[from] } } end

-- Oldest first. `side`: made on a branch, which the next commit with `merges` brings in.
local commits = {
    { days = 320, subject = "Add the compiler", changes = { { add = "README.md", content = "A small compiler.\n" } } },
    { days = 300, subject = "Add crash tests", changes = add_all() },
    { days = 210, subject = "Fix the layout of empty enums (#1201)", changes = delete("102.rs") },
    { days = 180, subject = "Close over captures properly (#1202)", changes = delete("109.rs", "109-b.rs") },
    { days = 150, subject = "Bless the drop test: it is fixed", side = true,
      changes = move("105.rs", "tests/ui/drop/moved-out-of-box.rs") },
    { days = 149, subject = "Auto merge of #1203 - ada:drop, r=grace", merges = true },
    { days = 140, subject = "Move a fixed crash test to the UI tests (#1204)",
      changes = move("106.rs", "tests/ui/traits/object-cycle.rs") },
    { days = 130, subject = "Name the test after the issue it shows (#1205)",
      changes = move("107.rs", test("108.rs")) },
    { days = 120, subject = "Say what the test is about (#1206)",
      changes = move("119-ice.rs", test("119-slice-pattern.rs")) },
    { days = 100, subject = "Rewrite constant evaluation (#1207)", changes = delete("110.rs", "118.rs", "103.rs") },
    { days = 98, subject = "Revert part of #1207: it crashes again (#1208)",
      changes = { put_back("110.rs"), put_back("118.rs") } },
    { days = 80, subject = "Remove tests that no longer crash", side = true, changes = delete("101.rs", "104.rs") },
    { days = 79, subject = "Merge pull request #1209 from ada/cleanup", merges = true },
    { days = 60, subject = "Terminate on opaque cycles (#1210)", changes = delete("opaque-cycle.rs", "102-2.rs") },
    { days = 40, subject = "Delete tests of reports long gone (#1211)",
      changes = delete("111.rs", "112.rs", "113.rs") },
    { days = 20, subject = "Delete a test nobody knows the reason of (#1212)",
      changes = delete("mystery.rs", "auxiliary/helper.rs") },
}

local function data(text) return ("data %d\n%s\n"):format(#text, text) end

local function change_text(change)
    if change.delete then return ("D %s\n"):format(change.delete) end
    return ("M 100644 inline %s\n%s"):format(change.add, data(change.content))
end

--- The whole history as input of `git fast-import`. The branch is `main`.
---@param now number  Unix seconds
---@return string
function M.history_stream(now)
    local pieces, mainline, side_tip = {}, nil, nil
    for mark, commit in ipairs(commits) do
        local person = ("Ada Example <ada@example.org> %d +0000"):format(now - commit.days * one_day_s)
        pieces[#pieces + 1] = ("commit refs/heads/%s\nmark :%d\n"):format(commit.side and "side" or "main", mark)
        pieces[#pieces + 1] = ("author %s\ncommitter %s\n"):format(person, person) .. data(commit.subject)
        if mainline then pieces[#pieces + 1] = ("from :%d\n"):format(mainline) end
        if commit.merges then pieces[#pieces + 1] = ("merge :%d\n"):format(side_tip) end
        for _, change in ipairs(commit.merges and commits[side_tip].changes or commit.changes) do
            pieces[#pieces + 1] = change_text(change)
        end
        if commit.side then side_tip = mark else mainline = mark end
    end
    return table.concat(pieces) .. "done\n"
end

-- The run -------------------------------------------------------------------------------------------------------------

M.home = "example/compiler"

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

local function build_repository(folder)
    demo_git.run({ "-C", folder, "init", "--quiet", "--initial-branch=main" })
    demo_git.run({ "-C", folder, "fast-import", "--quiet", "--done" },
        { stdin = M.history_stream(math.floor(time.now())) })
end

-- What GitHub answers to a query for `issueOrPullRequest(number: N)` under any number of aliases.
local function answer(recorded, body)
    local asked = json.decode(body)
    local repository = ("%s/%s"):format(asked.variables.owner, asked.variables.name)
    local nodes, errors = { nameWithOwner = repository }, json.array()
    for alias, number in asked.query:gmatch("([%w_]+)%s*:%s*issueOrPullRequest%(number:%s*(%d+)%)") do
        nodes[alias] = recorded[repository][number] or json.null
        if nodes[alias] == json.null then
            errors[#errors + 1] = {
                type = "NOT_FOUND", path = { "repository", alias },
                message = ("Could not resolve to an issue or pull request with the number of %s."):format(number),
            }
        end
    end
    return { data = { repository = nodes }, errors = errors[1] and errors or nil }
end

local function handler(recorded)
    return function(request)
        return { status = 200, body = json.encode(answer(recorded, request.body)) }
    end
end

--- Nothing is asked of anybody in the demonstration; under --dry-run its plan shows what one would see.
---@param kind string
---@param target string
---@param summary string
function M.plan(kind, target, summary)
    plan.perform({
        kind = kind, target = target, summary = summary .. " (in the demonstration)", audited = false,
        apply = function() end,
    })
end

--- Runs `audit(options)` on the demonstration's repository and answers, and gives what it gives.
---@param options monthly_audit.Options  those that name a repository are filled in
---@param audit fun(options: monthly_audit.Options): table
---@return table
function M.run(options, audit)
    local recorded = json.decode(fs.read(here .. "/demo_github.json"))
    local folder = fs.temp_dir()
    return task.finally(function()
        build_repository(folder:path())
        options.repo, options.github, options.also = folder:path(), M.home, { "example/*" }
        return http.intercept(handler(recorded), function() return audit(options) end)
    end, function() folder:close() end)
end

return M

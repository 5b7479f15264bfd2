-- The audit on the real event history of a crash-test repository: every deletion, and what became of it.
local classify = require("lib.monthly_audit.classify")
local collect = require("lib.monthly_audit.collect")

local data = fs.join(os.getenv("UHOST_SOURCE") or ".", "../shared/data")

local function json_lines(name)
    local list = {}
    for line in fs.read(fs.join(data, name)):gmatch("[^\n]+") do list[#list + 1] = json.decode(line) end
    return list
end

local function present(value)
    if value == json.null then return nil end
    return value
end

-- Equal blobs are equal files, and different ones share no line.
local function content_of(blob)
    local lines = {}
    for i = 1, 20 do lines[i] = blob .. ":" .. i end
    return table.concat(lines, "\n") .. "\n"
end

local function text_block(text) return ("data %d\n%s\n"):format(#text, text) end

local function stream_of(commits)
    local pieces = {}
    for _, commit in ipairs(commits) do
        local pr = present(commit.pr)
        local subject = pr and ("Merge pull request #%d from x/y"):format(pr) or "Change tests"
        pieces[#pieces + 1] = ("commit refs/heads/main\ncommitter A <a@example.org> %d +0000\n"):format(commit.time)
        pieces[#pieces + 1] = text_block(subject)
        for _, change in ipairs(commit.changes) do
            if change.op == "D" then
                pieces[#pieces + 1] = ("D %s\n"):format(change.path)
            else
                local content = text_block(content_of(change.blob))
                pieces[#pieces + 1] = ("M 100644 inline %s\n%s"):format(change.path, content)
            end
        end
    end
    return table.concat(pieces) .. "done\n"
end

local function with_repository(body)
    local folder = fs.temp_dir()
    return task.finally(function()
        process.run { "git", "init", "-q", "-b", "main", folder:path(), check = true }
        process.run { "git", "fast-import", "--quiet", "--done", cwd = folder:path(), check = true,
            stdin = stream_of(json_lines("crash_history.jsonl")) }
        return body(folder:path())
    end, function() folder:close() end)
end

local open = { kind = "issue", state = "open" }

-- One line a deletion, so that a difference shows as lines.
local function line_of(issue, path, date, pr, moved_to, back)
    return ("#%s %s %s pr %s to %s%s"):format(issue, path, date, pr or "-", moved_to or "-", back and " (back)" or "")
end

local function sorted(lines)
    table.sort(lines)
    return lines
end

local function expected_lines()
    local lines, without = {}, 0
    for _, deletion in ipairs(json_lines("crash_history_expected.jsonl")) do
        if present(deletion.issue) then
            lines[#lines + 1] = line_of(deletion.issue, deletion.path, time.iso(deletion.time), present(deletion.pr),
                present(deletion.moved_to), deletion.back_at_end)
        else
            without = without + 1
        end
    end
    return sorted(lines), without
end

local function audited_lines(verdicts)
    local lines = {}
    for _, verdict in ipairs(verdicts) do
        for _, file in ipairs(verdict.files) do
            lines[#lines + 1] = line_of(verdict.issue, file.path, file.date, file.pr, file.moved_to, file.present)
        end
    end
    return sorted(lines)
end

-- What must hold whatever the verdicts are.
local function check_verdict(verdict, left)
    assert.equal(left[verdict.issue] or false, #verdict.remaining > 0, verdict.issue)
    if verdict.verdict == "out_of_sync" then assert.equal(0, #verdict.remaining) end
    if verdict.verdict == "back" or verdict.verdict == "partial" then assert.is_true(#verdict.remaining > 0) end
end

describe("the audit of a real history", function()
    if not fs.exists(fs.join(data, "crash_history.jsonl")) then
        pending("needs ../shared/data/crash_history.jsonl beside the source tree")
        return
    end

    it("reports every deletion, with its pull request, its new place, and whether it is back", function()
        with_repository(function(folder)
            local options = { path = "ices" }
            local evidence = collect.files(git.open(folder), policy.load("crash_tests"), "rust-lang/glacier", options)
            for _, deletion in ipairs(evidence.deletions) do
                for _, issue in ipairs(deletion.issues) do evidence.states[issue] = open end
            end
            local verdicts = classify.verdicts(evidence)
            local expected, without_issue = expected_lines()
            assert.same(expected, audited_lines(verdicts))

            local summary = json.decode(fs.read(fs.join(data, "crash_history_summary.json")))
            local stats = classify.statistics(evidence, verdicts)
            assert.equal(summary.deletions, stats.deleted_files)
            assert.equal(summary.issues_deleted, stats.issues)
            assert.equal(without_issue, stats.files_without_issue)
            local left = {}
            for _, issue in ipairs(summary.issues_with_files_left) do left[issue] = true end
            for _, verdict in ipairs(verdicts) do check_verdict(verdict, left) end
        end)
    end)
end)

-- Every call that creates something, under random schedules of lost answers and other failures: what it makes is made
-- once, and the call gives it.
local support = require("support.github")

local schedules = 60

-- Each creation: the operation whose effects are counted, the method and the beginning of the paths that faults hit,
-- what is made before, and the call. `i` is the schedule, and `id` what was made before. Answers without a body cannot
-- be cut.
local creations = [==[
local sha = ("ab"):rep(20)
local text = { message = "Change" }
return {
    { "issues/create", "POST", "/repos/o/n/issues",
        call = function(i) return repo:create_issue{ title = "T" .. i } end },
    { "issues/create", "POST", "/repos/o/n/issues", lags = true,
        call = function(i) return repo:ensure_issue{ marker = "m" .. i, title = "T" } end },
    { "issues/create-comment", "POST", "/repos/o/n/issues/4/comments",
        call = function(i) return repo:create_comment(4, { body = "c" .. i }) end },
    { "issues/create-comment", "POST", "/repos/o/n/issues/5/comments",
        call = function(i) return repo:ensure_comment(5, { marker = "m" .. i, body = "c" }) end },
    { "issues/create-label", "POST", "/repos/o/n/labels",
        call = function(i) return repo:ensure_labels{ { name = "l" .. i } }.created[1] or "there" end },
    { "issues/create-milestone", "POST", "/repos/o/n/milestones",
        call = function(i) return repo:ensure_milestone{ title = "M" .. i } end },
    { "checks/create", "POST", "/repos/o/n/check-runs",
        call = function(i) return repo:create_check{ name = "c" .. i, head_sha = sha } end },
    { "checks/update", "PATCH", "/repos/o/n/check-runs",
        before = function(i) return repo:create_check{ name = "u" .. i, head_sha = sha }.id end,
        call = function(_, id)
            return repo:update_check(id, { title = "T", summary = "S", annotations = {
                { path = "a", start_line = 1, level = "notice", message = "m" },
            } })
        end },
    { "repos/create-deployment", "POST", "/repos/o/n/deployments",
        call = function(i) return repo:create_deployment{ ref = "main", environment = "e" .. i } end },
    { "repos/create-deployment-status", "POST", "/repos/o/n/deployments",
        before = function(i) return repo:create_deployment{ ref = "main", environment = "s" .. i }.id end,
        call = function(_, id) return repo:create_deployment_status(id, { state = "success" }) end },
    { "repos/create-commit-status", "POST", "/repos/o/n/statuses",
        call = function(i) return repo:create_status(sha, { state = "success", context = "c" .. i }) end },
    { "repos/create-release", "POST", "/repos/o/n/releases",
        call = function(i) return repo:create_release{ tag = "v" .. i, is_draft = i % 2 == 0 } end },
    { "repos/upload-release-asset", "POST", "/repos/o/n/releases",
        before = function(i) return repo:create_release{ tag = "a" .. i }.id end,
        call = function(_, id) return repo:upload_asset(id, file) end },
    { "git/create-ref", "POST", "/repos/o/n/git/refs",
        call = function(i) return repo:create_ref("heads/b" .. i, sha) end },
    { "git/create-ref", "POST", "/repos/o/n/git/refs",
        call = function(i) return repo:create_tag("t" .. i, sha, { message = "m" }) end },
    { "repos/create-or-update-file-contents", "PUT", "/repos/o/n/contents",
        call = function(i) return repo:write_contents("f" .. i, "text", text) end },
    { "repos/delete-file", "DELETE", "/repos/o/n/contents",
        before = function(i) return repo:write_contents("d" .. i, "text", { message = "Make" }).id end,
        call = function(i, id) return repo:delete_contents("d" .. i, { message = "Remove", sha = id }) end },
    { "pulls/create", "POST", "/repos/o/n/pulls",
        call = function(i) return repo:create_pull{ title = "P", head = "h" .. i, base = "main" } end },
    { "pulls/create-review", "POST", "/repos/o/n/pulls",
        before = function(i) return repo:create_pull{ title = "P", head = "r" .. i, base = "main" }.number end,
        call = function(_, id) return repo:create_review(id, { event = "comment", body = "fine" }) end },
    { "pulls/merge", "PUT", "/repos/o/n/pulls",
        before = function(i) return repo:create_pull{ title = "P", head = "m" .. i, base = "main" }.number end,
        call = function(_, id) return repo:merge_pull(id) end },
    { "actions/create-repo-variable", "POST", "/repos/o/n/actions/variables",
        call = function(i) return repo:set_variable("V" .. i, "1") end },
    { "actions/re-run-workflow-failed-jobs", "POST", "/repos/o/n/actions/runs",
        before = function(i) return a_run(i) end, call = function(_, id) return repo:rerun_failed_jobs(id) end },
    { "actions/re-run-workflow", "POST", "/repos/o/n/actions/runs",
        before = function(i) return a_run(i) end, call = function(_, id) return repo:rerun(id) end },
    { "actions/re-run-job-for-workflow-run", "POST", "/repos/o/n/actions/jobs",
        before = function(i)
            a_run(i)
            return 200000 + i
        end,
        call = function(_, id) return repo:rerun_job(id) end },
    { "actions/review-pending-deployments-for-run", "POST", "/repos/o/n/actions/runs",
        before = function(i) return a_run(i) end,
        call = function(_, id)
            return repo:review_deployments(id, { environments = { "production" }, state = "approved" })
        end },
    { "actions/create-workflow-dispatch", "POST", "/repos/o/n/actions/workflows", has_no_body = true,
        call = function() return repo:dispatch("ci.yml", { ref = "main" }) end },
}
]==]

local code = [==[
local url, file = ...
local schedules, part, parts = tonumber((select(3, ...))), tonumber((select(4, ...))), tonumber((select(5, ...)))
local repo = github.repository("o/n")
local function control(order) http.post(url, { json = order, mutates = false }) end

local function a_run(i)
    control({ repository = "o/n", runs = { { id = 100000 + i, conclusion = "failure", pending = { "production" },
        jobs = { { id = 200000 + i, conclusion = "failure" } } } } })
    return 100000 + i
end

local environment = setmetatable({ repo = repo, a_run = a_run, file = file }, { __index = _G })
local creations = setfenv(assert(loadstring(CREATIONS)), environment)()

local kinds = { "lost", "reset_after", "reset_during", "status", "status_after", "cut", "truncated", "reset" }

-- At most three failures of what is sent, and some of what is asked meanwhile.
local function random_faults(creation)
    local faults = json.array()
    for _ = 1, math.random(3) do
        local kind = kinds[math.random(#kinds)]
        local has_nothing = creation.has_no_body and (kind == "cut" or kind == "truncated")
        table.insert(faults, {
            method = creation[2], path = creation[3], kind = has_nothing and "lost" or kind, status = 502,
        })
    end
    if math.random(3) == 1 then
        table.insert(faults, { method = "GET", path = "/repos/o/n", kind = "status", status = 503,
            skip = math.random(0, 3) })
    end
    return faults
end

for number, creation in ipairs(creations) do
    for i = 1, number % parts == part and schedules or 0 do
        math.randomseed(number * 1000 + i)
        local key = number * 100 + i
        local id = creation.before and creation.before(key)
        local faults = random_faults(creation)
        control({ forget = true, faults = faults, lag = creation.lags and math.random(0, 2) or 0 })
        local ok, made = pcall(creation.call, key, id)
        control({ faults = json.array(), lag = 0 })
        local count = http.get(url):json().effects[creation[1]] or 0
        if not ok or not made or count ~= 1 then
            print(("%s, schedule %d: made %d times, %s; %s"):format(creation[1], i, count, tostring(made),
                json.encode(faults)))
        end
    end
end
]==]

describe("what a call creates", function()
    it("is made once, whatever is lost", function()
        local parts, outputs = 2, {}
        task.map({ 0, 1 }, function(part)
            support.with(function(github_server)
                github_server.control({ repository = "o/n", commits = { { sha = ("ab"):rep(20) } },
                    workflows = { { path = ".github/workflows/ci.yml" } }, dispatch_delay_ms = 1,
                    check_answers = false })
                local file = github_server.state .. "/asset.txt"
                fs.write(file, "asset")
                local script = github_server.state .. "/chaos.lua"
                fs.write(script, ("local CREATIONS = %q\n"):format(creations) .. code)
                local result = process.run({ os.getenv("UHOST"), script, github_server.plain_url .. "/_control", file,
                    tostring(schedules), tostring(part), tostring(parts), env = {
                        GITHUB_API_URL = github_server.url, GITHUB_TOKEN = support.token, GH_TOKEN = false,
                        UHOST_GITHUB_BACKOFF_S = "0.001", UHOST_GITHUB_SETTLE_S = "0.004",
                        UHOST_STATE = github_server.state,
                    }, timeout_s = 600 })
                outputs[part + 1] = result.stdout .. (result.code == 0 and "" or result.stderr)
            end)
        end)
        assert.same({ "", "" }, outputs)
    end)
end)

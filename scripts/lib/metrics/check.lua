-- `uhost metrics check`: whether builds of a commit are slower than those of a branch, by how much, and in which step.
--
-- Jobs are tested, each against builds of the branch that found the same in their caches: by a permutation test of
-- ranks, which holds whatever the durations are distributed like. With Holm's correction for testing several
-- ("A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979) the answer is
-- sure. One build can hardly pass that, since a slow machine explains it as well; so a job counts as slower, too, if it
-- passes the test alone and is further from the median than 3.5 robust standard deviations (the modified z-score of
-- Iglewicz and Hoaglin, "How to detect and handle outliers", 1993). Running it again then makes it sure, or clears it.
-- Steps are not tested: they say where the time of a slower job goes.
local averages = require("lib.averages")
local rules_of = require("lib.metrics.rules")
local show = require("lib.metrics.show")
local store_of = require("lib.metrics.store")

local M = {}

local max_steps = 5
-- From so many builds of the branch on, there is something to compare with.
local min_builds = 5
local min_z = 3.5

-- Which commit --------------------------------------------------------------------------------------------------------

-- Within a workflow. Of a pull request, GITHUB_SHA is a merge that nobody has pushed; the run knows the commit itself.
local function commit_of_workflow(store, repository)
    local run = store:one([[SELECT commit_sha FROM metrics_runs WHERE repository = ? AND source = 'github'
        AND key = ?]], { repository, os.getenv("GITHUB_RUN_ID") or "" })
    local named = os.getenv("GITHUB_SHA") or ""
    return run and run.commit_sha or named ~= "" and named or nil
end

local function commit_of(store, repository, options)
    if options.commit and options.commit:find("^%x+$") then return options.commit:lower() end
    if not options.commit and options.branch then
        local newest
        for run in store_of.runs(store, { repository = repository, branch = options.branch }) do newest = run end
        if newest then return newest.commit_sha end
        uhost.fail("usage", ("no build of the branch %s is known"):format(options.branch),
            { hint = "uhost metrics collect reads what there is" })
    end
    if not options.commit then
        local here = commit_of_workflow(store, repository)
        if here then return here end
    end
    local ok, id = pcall(function() return git.open("."):commit(options.commit or "HEAD").id end)
    if ok then return id end
    uhost.fail("usage", ("there is no commit %s here"):format(options.commit or "HEAD"),
        { hint = "name one with --commit SHA, or run this in the repository" })
end

-- Samples -------------------------------------------------------------------------------------------------------------

local function key_of(point)
    return table.concat({ point.workflow, point.job, point.platform, point.arch, point.variant, point.step }, "\0")
end

-- What each job of a run found in its caches, as a text; nothing of jobs without any.
local function cache_outcomes(store, filter)
    local outcomes = {}
    for use in store_of.cache_uses(store, filter) do
        local key = use.run_id .. "\0" .. use.job
        outcomes[key] = ("%s %s %d"):format(outcomes[key] or "", use.name, use.hit)
    end
    return outcomes
end

-- The durations of builds that found in their caches what those of the commit have found, where there are enough.
local function comparable(points, own, builds)
    local alike = seq(points):filter(function(point) return own[point.outcome or ""] end):list()
    if #alike < min_builds then alike = points end
    return seq(alike):drop(math.max(0, #alike - builds)):map("value"):list()
end

-- Durations by series: those of the commit, and the newest of the branch before it.
local function samples(store, of, context)
    local series, order = {}, {}
    local function each_point(filter, visit)
        local outcomes = cache_outcomes(store, filter)
        for point in store_of.durations(store, of, filter) do
            point.outcome = outcomes[point.run_id .. "\0" .. point.job]
            visit(key_of(point), point)
        end
    end
    each_point(context.own, function(key, point)
        if not series[key] then
            series[key] = { workflow = point.workflow, job = point.job, step = point.step, platform = point.platform,
                arch = point.arch, variant = point.variant, before = {}, after = {}, outcomes = {} }
            order[#order + 1] = series[key]
        end
        table.insert(series[key].after, point.value)
        series[key].outcomes[point.outcome or ""] = true
    end)
    each_point(context.others, function(key, point)
        local is_own = point.commit_sha:sub(1, #context.commit) == context.commit
        if series[key] and not is_own then table.insert(series[key].before, point) end
    end)
    for _, each in ipairs(order) do
        each.before = comparable(each.before, each.outcomes, context.limits.builds)
        each.outcomes = nil
    end
    return order
end

-- Judging -------------------------------------------------------------------------------------------------------------

-- How far the second sample's median is from the first's, in robust standard deviations of logarithms.
local function separation(before, after)
    if metrics.quantiles(before, { 0 })[1] <= 0 then return 0 end
    local logs = seq(before):map(math.log):list()
    local median = averages.median(logs)
    local deviations = seq(logs):map(function(value) return math.abs(value - median) end):list()
    local spread = 1.4826 * averages.median(deviations)
    local distance = math.log(math.max(averages.median(after), 1e-9)) - median
    return spread > 0 and distance / spread or distance > 0 and min_z or 0
end

local function measure(each)
    each.z = separation(each.before, each.after)
    local found = metrics.compare(each.before, each.after, { alternative = "greater" })
    each.before_s, each.after_s, each.p = found.before, found.after, found.p
    each.change_s = found.after - found.before
    each.percent = found.before > 0 and 100 * each.change_s / found.before or 0
    each.builds, each.own_builds = #each.before, #each.after
    each.before, each.after, each.step = nil, nil, nil
end

-- Holm's procedure: the smallest p is compared with a share of the limit for each job, the next with a larger one.
local function judge(jobs, limits)
    local by_p = seq(jobs):sort_by("p"):list()
    local holds = true
    for i, job in ipairs(by_p) do
        holds = holds and job.p <= limits.max_p / (#by_p - i + 1)
        local is_large = job.percent >= limits.min_percent and job.change_s >= limits.min_s
        job.is_sure = holds and is_large
        job.is_slower = is_large and job.p <= limits.max_p and (holds or job.z >= min_z)
    end
end

local function steps_of(steps, job)
    local list = {}
    for _, step in ipairs(steps) do
        if step.workflow == job.workflow and step.job == job.job and step.platform == job.platform
            and step.arch == job.arch and step.variant == job.variant and #step.before >= min_builds then
            local found = metrics.compare(step.before, step.after, { permutations = 99 })
            list[#list + 1] = { step = step.step, before_s = found.before, after_s = found.after,
                change_s = found.after - found.before }
        end
    end
    return seq(list):sort_by("change_s", "descending"):take(max_steps):list()
end

local function model_of(store, options)
    local repository, rules = show.repository(store, options), rules_of.load()
    local commit = commit_of(store, repository, options)
    local filter = show.filter(repository, options)
    local own = store_of.runs(store, { repository = repository, commit = commit })()
    if not own then
        uhost.fail("usage", ("no build of the commit %s is known"):format(commit:sub(1, 9)),
            { hint = "uhost metrics collect reads what there is, once its jobs have ended" })
    end
    local context = { commit = commit, limits = rules.data.check, own = tables.copy(filter),
        others = tables.copy(filter) }
    context.own.commit, context.own.branch, context.own.since = commit, nil, nil
    context.others.branch, context.others.before = options.against, own.created_at
    local jobs, new = {}, {}
    for _, job in ipairs(samples(store, "job", context)) do
        table.insert(#job.before >= min_builds and jobs or new, job)
    end
    for _, job in ipairs(jobs) do measure(job) end
    judge(jobs, context.limits)
    local steps = samples(store, "step", context)
    for _, job in ipairs(jobs) do job.steps = steps_of(steps, job) end
    return {
        repository = repository, commit_sha = own.commit_sha, against = options.against, limits = context.limits,
        jobs = seq(jobs):sort_by("change_s", "descending"):list(),
        not_compared = seq(new):map("job"):list(),
        slower = seq(jobs):filter("is_slower"):count(),
    }
end

-- Reports -------------------------------------------------------------------------------------------------------------

local function headline(model)
    if #model.jobs == 0 then
        return ("There is nothing to compare: %s has fewer than %d builds of these jobs."):format(model.against,
            min_builds)
    end
    if model.slower == 0 then
        return ("Of %d jobs, none is slower than on %s."):format(#model.jobs, model.against)
    end
    return ("%d of %d jobs %s slower than on %s."):format(model.slower, #model.jobs,
        model.slower == 1 and "is" or "are", model.against)
end

local function signed(seconds)
    return (seconds < 0 and "-" or "+") .. time.human(math.abs(seconds))
end

local function where_of(job)
    local parts = {}
    for _, step in ipairs(job.is_slower and job.steps or {}) do
        if step.change_s >= math.max(1, 0.2 * job.change_s) then
            parts[#parts + 1] = ("%s %s"):format(step.step, signed(step.change_s))
        end
    end
    return table.concat(parts, ", ")
end

local function document(model)
    local out = report.new{ title = ("Builds of %s against %s"):format(model.commit_sha:sub(1, 9), model.against) }
    out:text(headline(model))
    local rows = {}
    for i, job in ipairs(model.jobs) do
        rows[i] = { job.job, time.human(job.before_s), time.human(job.after_s), ("%+.0f %%"):format(job.percent),
            show.probability(job.p), job.is_sure and "slower" or job.is_slower and "slower?" or "", where_of(job) }
    end
    out:table{ empty = "No job is compared.", rows = rows, columns = { { key = 1, title = "Job" },
        { key = 2, title = model.against, align = "right" }, { key = 3, title = "This commit", align = "right" },
        { key = 4, title = "Change", align = "right" }, { key = 5, title = "p", align = "right" },
        { key = 6, title = "Verdict" }, { key = 7, title = "Where" } } }
    if #model.not_compared > 0 then
        out:text(("Not compared, since %s has too few builds of them: %s."):format(model.against,
            table.concat(model.not_compared, ", ")))
    end
    out:text(("Slower is a job that takes at least %g %% and %g s more than the last %d builds of the branch, where "
        .. "p says how often chance alone gives as much."):format(model.limits.min_percent, model.limits.min_s,
        model.limits.builds))
    if seq(model.jobs):filter(function(job) return job.is_slower and not job.is_sure end):first() then
        out:text("With a question mark, a slow machine may explain it as well: run the job again to be sure.")
    end
    return out
end

local function as_json(model)
    local copy = tables.copy(model)
    copy.jobs, copy.not_compared = json.array(copy.jobs), json.array(copy.not_compared)
    for _, job in ipairs(copy.jobs) do job.steps = json.array(job.steps) end
    return json.encode(copy, { indent = 2 }) .. "\n"
end

-- One comment on the pull request, kept up to date.
local function comment(model, options)
    local repo = github.repository(model.repository)
    local _, outcome = repo:ensure_comment(options.pull, { marker = "metrics-check", cut = true,
        body = document(model):render("markdown") })
    if outcome then log.info(("the comment on pull request %d: %s"):format(options.pull, outcome)) end
end

---@param store db.Connection
---@param options metrics.Options
---@return integer exit_code
function M.run(store, options)
    local model = model_of(store, options)
    if options.pull and not options.demo then comment(model, options) end
    show.deliver(options.format == "json" and as_json(model)
        or document(model):render(options.format, { color = not options.output and term.color("stdout") }), options)
    return model.slower > 0 and 1 or 0
end

return M

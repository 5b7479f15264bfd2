-- Where in the repository a line of a log points to: what annotations and SARIF need.
local conclusions = require("lib.conclusions")
local M = {}

-- Folders into which CI systems put a repository.
local workspaces = {
    "^/home/runner/work/[^/]+/[^/]+/", "^/Users/runner/work/[^/]+/[^/]+/", "^%a:[/\\]a[/\\][^/\\]+[/\\][^/\\]+[/\\]",
    "^/__w/[^/]+/[^/]+/", "^/github/workspace/", "^/home/travis/build/[^/]+/[^/]+/",
    "^/Users/travis/build/[^/]+/[^/]+/", "^/builds/[^/]+/[^/]+/", "^/home/circleci/project/", "^/root/project/",
    "^/checkout/", "^/home/vsts/work/%d+/s/", "^%a:[/\\]projects[/\\][^/\\]+[/\\]", "^/drone/src/",
    "^/home/jenkins/workspace/[^/]+/", "^/var/lib/jenkins/workspace/[^/]+/",
}

--- A path from the repository's root, with slashes; nil for one that lies elsewhere.
---@param path string?
---@return string?
function M.relative(path)
    if type(path) ~= "string" or path == "" or #path > 1000 then return nil end
    local here = os.getenv("GITHUB_WORKSPACE")
    if here and here ~= "" and path:sub(1, #here + 1) == here .. "/" then path = path:sub(#here + 2) end
    for _, workspace in ipairs(workspaces) do path = path:gsub(workspace, "") end
    path = path:gsub("\\", "/"):gsub("^%./", "")
    if path:find("^/") or path:find("^%a:/") or path:find("^~") or path:find("%.%./") or path:find("://") then
        return nil
    end
    -- "bash: line 1" is no file; "Makefile" is.
    if not path:find("[./]") and not path:find("^%u") then return nil end
    return path ~= "" and path or nil
end

-- A compiler's message may name its place on one of the next lines.
local lines_after, lines_before = 4, 1

local function distance(finding, diagnostic)
    local first, last = finding.line_number, math.max(finding.last_line or 0, finding.line_number)
    local line = diagnostic.line_number
    if line < first - lines_before or line > last + lines_after then return nil end
    return math.abs(line - first)
end

local function captured(finding)
    local captures = finding.captures or {}
    local line = tonumber(captures.line or captures.line_number or captures.lineno or "")
    local file = M.relative(captures.file or captures.path)
    local column = tonumber(captures.column or captures.col or "")
    if file and line then return { file = file, line = line, column = column } end
end

--- The file, line and column that a finding is about; nil when the log does not say.
---@param finding { line_number: integer, last_line?: integer, captures?: table }
---@param diagnostics table[]?
---@return { file: string, line: integer, column: integer? }?
function M.of(finding, diagnostics)
    local best, nearest = nil, math.huge
    for _, diagnostic in ipairs(diagnostics or {}) do
        local apart = distance(finding, diagnostic)
        if apart and apart < nearest and diagnostic.line and M.relative(diagnostic.file) then
            best, nearest = diagnostic, apart
        end
    end
    if best then return { file = M.relative(best.file), line = best.line, column = best.column } end
    return captured(finding)
end

-- Jobs and steps ------------------------------------------------------------------------------------------------------

local function seconds(text) return text and time.parse(text) or nil end

-- GitHub says when each step began, to the second; lines have the same clock.
local function by_time(job, at)
    local found
    for _, step in ipairs(at and job.steps or {}) do
        local began = seconds(step.started_at)
        if began and began <= at then found = step end
    end
    return found
end

-- The step that failed, when the time does not show it.
local function failed_step(job)
    for _, step in ipairs(job.steps or {}) do
        if conclusions.is_failure(step.conclusion) then return step end
    end
end

local function within(structure, number)
    for _, job in ipairs(structure and structure.jobs or {}) do
        for _, step in ipairs(job.steps or {}) do
            if number >= step.first_line and number <= step.last_line then return job, step end
        end
    end
end

local function named(text) return text and text:find("%S") and text or nil end

--- The names of the job and step of a line; nil for what is not known.
---@param source diagnose.Source
---@param opened log_text.Log
---@param structure table?
---@param number integer
---@return string? job
---@return string? step
function M.step_of(source, opened, structure, number)
    local job, step = within(structure, number)
    local job_name, step_name = job and job.name, step and step.name
    if source.job then
        local known = by_time(source.job, opened:time(number)) or step and step.failed and failed_step(source.job)
        return source.job.name, known and known.name or named(step_name)
    end
    local prefix_job, prefix_step = opened:prefix(number)
    if prefix_step == "UNKNOWN STEP" then prefix_step = nil end
    return source.job_name or named(prefix_job) or named(job_name), named(prefix_step) or named(step_name)
end

return M

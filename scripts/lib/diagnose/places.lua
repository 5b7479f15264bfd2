-- Where in the repository a line of a log points to: what annotations and SARIF need.
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

--- The file, line and column that a finding is about; nil when the log does not tell.
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

return M

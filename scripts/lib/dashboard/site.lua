-- The files of the dashboard, from what the stores have: for a folder, or for a server.
local html = require("lib.dashboard.html")

local M = {}

-- Debian's package libjs-dygraphs.
local library_folder = "/usr/share/javascript/dygraphs"

local shipped_pages = { "overview", "builds", "jobs", "failures", "storage", "syncs", "audit", "logs" }
local client_files = { "data", "chart", "table", "page" }

---@class dashboard.Context
---@field builds db.Connection  the store of `lib.metrics.store`
---@field builds_too db.Connection  the same, for what is read at the same time
---@field logs db.Connection  the store of `lib.logs.store`
---@field history db.Connection  the store of all other workflows
---@field repository string
---@field workflow string?  the one that ran most often
---@field branch string?  the one that is built most, pull requests apart
---@field since number  Unix seconds: what is older is left out
---@field now number

local function repository_of(builds, wanted)
    local known = require("lib.metrics.store").repositories(builds)
    if wanted then return wanted end
    if #known == 1 then return known[1] end
    if #known == 0 then
        uhost.fail("usage", "no builds are known yet",
            { hint = "uhost metrics collect --github OWNER/NAME, or look at uhost dashboard --demo" })
    end
    uhost.fail("usage", ("builds of several repositories are known: %s"):format(table.concat(known, ", ")),
        { hint = "name one with --github" })
end

local function busiest(column, builds, repository)
    local row = builds:one(([[SELECT %s AS name FROM metrics_runs WHERE repository = ? AND event <> 'pull_request'
        GROUP BY name ORDER BY count(*) DESC LIMIT 1]]):format(column), { repository })
    return row and row.name
end

local function open_stores(options)
    local builds = require("lib.metrics.store").open(options.demo)
    local history = require("lib.ci_failures.store").open(options.demo)
    local logs = require("lib.logs.store").open(options.demo)
    require("lib.upstream.store").prepare(history)
    require("lib.alerts").prepare(history)
    if options.demo then require("lib.dashboard.demo").fill(builds, history, logs) end
    return builds, history, logs
end

local function context_of(options)
    local builds, history, logs = open_stores(options)
    local repository = repository_of(builds, options.github)
    local builds_too = options.demo and builds or require("lib.metrics.store").open()
    return { builds = builds, builds_too = builds_too, history = history, logs = logs, repository = repository,
        now = time.now(), since = options.since, workflow = busiest("workflow", builds, repository),
        branch = busiest("branch", builds, repository) }
end

local function load_page(path)
    local chunk, message = loadfile(path)
    if not chunk then uhost.fail("usage", ("--page: %s"):format(message), { hint = "give a Lua file" }) end
    local build = chunk()
    if type(build) ~= "function" then
        uhost.fail("usage", ("--page: %s does not give a function"):format(path),
            { hint = "end it with: return function(context) … end" })
    end
    return build
end

-- Side by side, for each waits for its stores most of the time.
local function pages_of(context, options)
    local pages, made = {}, {}
    for i, name in ipairs(shipped_pages) do made[i] = task.spawn(require("lib.dashboard.pages." .. name), context) end
    for _, path in ipairs(options.page) do made[#made + 1] = task.spawn(load_page(path), context) end
    for _, each in ipairs(made) do
        for _, page in ipairs({ each:await() }) do pages[#pages + 1] = page end
    end
    return pages
end

local function asset(path)
    local text = fs.read(path)
    if text then return text end
    uhost.fail("usage", ("the chart library is not installed: there is no %s"):format(path),
        { hint = "apt-get install libjs-dygraphs" })
end

local function client(name)
    local folder = fs.dirname(debug.getinfo(1, "S").source:sub(2))
    return assert(fs.read(fs.join(folder, "client", name)))
end

-- The browser runs the parts in this order, as one script.
local function client_script()
    local parts = {}
    for i, name in ipairs(client_files) do parts[i] = client(name .. ".js") end
    return table.concat(parts, "\n")
end

---@class dashboard.Options
---@field github string?  whose builds
---@field since number  Unix seconds
---@field page string[]  files of one's own pages
---@field demo boolean?
---@field live string?  the address, relative to the pages, that says when they have changed

--- What pages are made from. Raises `usage` when it is not clear of which repository.
---@param options dashboard.Options
---@return dashboard.Context
function M.context(options) return context_of(options) end

--- The files by their names within the folder.
---@param context dashboard.Context
---@param options dashboard.Options
---@return table<string, string> files
---@return integer pages
function M.files(context, options)
    local pages = pages_of(context, options)
    local site = { title = context.repository, live = options.live,
        made_at = time.iso(context.now):sub(1, 16):gsub("T", " ") }
    local files = {
        ["assets/dygraph.min.js"] = asset(fs.join(library_folder, "dygraph.min.js")),
        ["assets/dygraph.min.css"] = asset(fs.join(library_folder, "dygraph.min.css")),
        ["assets/dashboard.js"] = client_script(), ["assets/dashboard.css"] = client("style.css"),
    }
    for _, page in ipairs(pages) do
        files[page.name .. ".html"] = html.document(page, pages, site)
        if page.datasets then files[("data/%s.js"):format(page.name)] = html.data(page) end
    end
    return files, #pages
end

return M

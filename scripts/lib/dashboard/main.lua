-- `uhost dashboard`: what is known of builds, failures, syncs and audits, as a static site.
local command_line = require("lib.command_line")
local html = require("lib.dashboard.html")

local M = {}

-- Debian's package libjs-dygraphs.
local library_folder = "/usr/share/javascript/dygraphs"

local shipped_pages = { "overview", "builds", "jobs", "failures", "storage", "syncs", "audit" }
local client_files = { "data", "chart", "table", "page" }

---@class dashboard.Context
---@field builds db.Connection  the store of `lib.metrics.store`
---@field history db.Connection  the store of all other workflows
---@field repository string
---@field workflow string?  the one that ran most often
---@field branch string?  the one that is built most, pull requests apart
---@field since number  Unix seconds: what is older is left out
---@field now number

local function parse(arguments)
    local parser = command_line.parser("dashboard", "Write what is known of builds, failures, syncs and audits as a "
        .. "static site: for GitHub Pages, for an artifact, or to be opened as files. It reads the store only, which "
        .. "uhost metrics collect, ci_failures, upstream and monthly_audit fill.",
        { "uhost dashboard --demo --out site", "uhost dashboard --github OWNER/NAME --since '3 months' --open" })
    parser:option("--out", "The folder to write to."):argname("DIR"):default("dashboard")
    parser:option("--github", "Whose builds; needed where several are known."):argname("OWNER/NAME")
    parser:option("--since", "How far back: '3 months', or a date."):default("1 year")
    parser:option("--page", "A page of your own: a Lua file (see scripts/README.md). May be repeated."):argname("FILE")
        :count("*")
    parser:flag("--open", "Open it in a browser.")
    parser:flag("--demo", "Show a year of made-up builds.")
    return parser:parse(arguments)
end

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
    require("lib.upstream.store").prepare(history)
    require("lib.alerts").prepare(history)
    if options.demo then require("lib.dashboard.demo").fill(builds, history) end
    return builds, history
end

local function context_of(options)
    local builds, history = open_stores(options)
    local repository = repository_of(builds, options.github)
    return { builds = builds, history = history, repository = repository, now = time.now(),
        since = time.ago(options.since), workflow = busiest("workflow", builds, repository),
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

local function pages_of(context, options)
    local pages = {}
    local function add(build)
        for _, page in ipairs({ build(context) }) do pages[#pages + 1] = page end
    end
    for _, name in ipairs(shipped_pages) do add(require("lib.dashboard.pages." .. name)) end
    for _, path in ipairs(options.page) do add(load_page(path)) end
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

local function write(folder, pages, site)
    fs.mkdir(fs.join(folder, "assets"))
    fs.mkdir(fs.join(folder, "data"))
    fs.write(fs.join(folder, "assets", "dygraph.min.js"), asset(fs.join(library_folder, "dygraph.min.js")))
    fs.write(fs.join(folder, "assets", "dygraph.min.css"), asset(fs.join(library_folder, "dygraph.min.css")))
    fs.write(fs.join(folder, "assets", "dashboard.js"), client_script())
    fs.write(fs.join(folder, "assets", "dashboard.css"), client("style.css"))
    for _, page in ipairs(pages) do
        fs.write(fs.join(folder, page.name .. ".html"), html.document(page, pages, site))
        if page.datasets then fs.write(fs.join(folder, "data", page.name .. ".js"), html.data(page)) end
    end
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = parse(arguments)
    local context = context_of(options)
    local pages = pages_of(context, options)
    write(options.out, pages, { title = context.repository, made_at = time.iso(context.now):sub(1, 16):gsub("T", " ") })
    if uhost.dry_run then return 0 end
    local index = fs.absolute(fs.join(options.out, "index.html"))
    print(("%d pages: %s"):format(#pages, index))
    if options.open then process.run({ "xdg-open", index }) end
    return 0
end

return M

-- `uhost dashboard`: what is known of builds, failures, syncs and audits, as a static site.
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")
local site = require("lib.dashboard.site")

local M = {}

local function parse(arguments)
    local parser = command_line.parser("dashboard", "Write what is known of builds, failures, syncs and audits as a "
        .. "static site: for GitHub Pages, for an artifact, or to be opened as files. It reads the store only, which "
        .. "uhost metrics collect, ci_failures, upstream and monthly_audit fill.",
        { "uhost dashboard --demo --out site", "uhost dashboard --github owner/name --since '3 months'",
            "uhost --dry-run dashboard --demo" })
    parser:option("--out", "The folder to write to."):argname("DIR"):default("dashboard")
    parser:option("--github", "Whose builds; needed where several are known."):argname("OWNER/NAME")
    parser:option("--since", "How far back: '3 months', or a date."):argname("DURATION"):default("1 year")
    parser:option("--page", "A page of your own: a Lua file (see scripts/README.md). May be repeated."):argname("FILE")
        :count("*")
    parser:flag("--open", "Open it in a browser.")
    parser:flag("--demo", "Show a year of made-up builds.")
    local options = parser:parse(arguments)
    options.since = command_line.instant("since", options.since)
    if options.github then options.github = github_home.checked("--github", options.github) end
    return options
end

local function write(folder, files)
    fs.mkdir(fs.join(folder, "assets"))
    fs.mkdir(fs.join(folder, "data"))
    for _, name in ipairs(tables.sorted_keys(files)) do fs.write(fs.join(folder, name), files[name]) end
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = parse(arguments)
    local files, pages = site.files(site.context(options), options)
    write(options.out, files)
    if uhost.dry_run then return 0 end
    local index = fs.absolute(fs.join(options.out, "index.html"))
    print(("%d pages: %s"):format(pages, index))
    if options.open then process.run({ "xdg-open", index }) end
    return 0
end

return M

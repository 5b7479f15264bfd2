---@meta uhost.log

--- Messages for people, on standard error. `-v` shows debug messages too, `-q` only warnings and errors. The setting
--- `log.timestamps` (`UHOST_LOG_TIMESTAMPS=1`) begins each line with the time.
---
--- Text may come from anywhere: control characters are made visible, and secrets masked. A progress bar is not torn.
--- In GitHub Actions (`GITHUB_ACTIONS=true`) warnings, errors and debug messages become workflow commands, which
--- the run shows as annotations, and no other line can pass for one.
---@class uhost.log
log = {}

--- A detail that is of use when something is looked for; shown with `-v`.
---@param message any  anything with a `tostring`; of an error, its hint is shown as well
---@param fields? table<string, any>  shown as `name=value`, in the order of names
function log.debug(message, fields) end

--- What is being done.
---
--- ```lua
--- log.info("fetched", { remote = "origin", commits = 12 })  --> fetched commits=12 remote=origin
--- ```
---@param message any
---@param fields? table<string, any>
function log.info(message, fields) end

--- Something that a person should look at; the work continues.
---@param message any
---@param fields? table<string, any>
function log.warn(message, fields) end

--- Something that failed.  Does not end the script: `error` and `uhost.fail` do.
---@param message any
---@param fields? table<string, any>
function log.error(message, fields) end

--- Whether messages of a level are shown.
---@param level "debug" | "info" | "warn" | "error"
---@return boolean
function log.enabled(level) end

--- Runs `body` with its messages under a heading, in GitHub Actions in a group that folds.  A group within a group is
--- only a heading there, since the runner knows no others. Returns and raises what `body` does.
---
--- ```lua
--- log.group("Fetching", function() repository:fetch("origin") end)
--- ```
---@param title string
---@param body function
---@param ... any  arguments of `body`
---@return any ...
function log.group(title, body, ...) end

---@class log.Annotation
---@field message any
---@field level? "debug" | "info" | "warn" | "error"  default "error"
---@field file? string
---@field line? integer
---@field column? integer
---@field end_line? integer
---@field end_column? integer
---@field title? string

--- A message about a place in a file: `a.rs:3:7: …`, or an annotation on that line in GitHub Actions.
---@param annotation log.Annotation
function log.annotation(annotation) end

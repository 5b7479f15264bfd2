---@meta uhost.github
-- Labels and milestones.

---@class github.Repository
local Repository = {}

---@class github.Label
---@field id integer
---@field name string
---@field color string  six hexadecimal digits, without "#"
---@field description? string
---@field is_default boolean

--- Lists the labels of the repository.
---@return github.List|fun(): github.Label
function Repository:labels() end

---@class github.WantedLabel
---@field name string  at most 50 characters
---@field color? string  six hexadecimal digits, without "#"
---@field description? string  at most 100 characters

--- Makes the labels that are missing and corrects those that differ; what is not named stays, and so do other labels.
--- Several runs may do so at once. Gives the names by what became of them.
--- ```lua
--- repo:ensure_labels{ { name = "crash", color = "d73a4a", description = "It ends with a signal" } }
--- ```
---@param labels github.WantedLabel[]
---@return { created: string[], updated: string[], unchanged: string[] }
function Repository:ensure_labels(labels) end

--- Adds labels to an issue or pull request; those that it has are no error, and those that do not exist are made.
--- Gives the names of all that it has then.
---@param number integer
---@param names string[]
---@return string[]
function Repository:add_labels(number, names) end

--- Takes a label off an issue or pull request; false when it did not have it.
---@param number integer
---@param name string
---@return boolean
function Repository:remove_label(number, name) end

---@class github.Milestone
---@field number integer
---@field id integer
---@field title string
---@field description? string
---@field state "open"|"closed"
---@field open_issues integer
---@field closed_issues integer
---@field due_on? string
---@field url string  on the web
---@field created_at string
---@field updated_at string
---@field closed_at? string

--- Lists milestones: the open ones unless told.
---@param options? { state?: "open"|"closed"|"all", sort?: "due_on"|"completeness", direction?: "asc"|"desc" }
---@return github.List|fun(): github.Milestone
function Repository:milestones(options) end

--- A milestone with this title, made when there is none and otherwise brought to what is given. Of a due time GitHub
--- keeps the day.
--- ```lua
--- local milestone = repo:ensure_milestone{ title = "1.4", due_on = "2026-09-01" }
--- ```
---@param options { title: string, description?: string, due_on?: string|number, state?: "open"|"closed" }
---@return github.Milestone
---@return "created"|"updated"|"unchanged"
function Repository:ensure_milestone(options) end

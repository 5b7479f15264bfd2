---@meta uhost.github
-- What all calls of a repository have in common.

--- A repository, to ask and change: its issues, labels, runs and so on. Nothing is asked for yet. Without a name, the
--- one in GITHUB_REPOSITORY, which GitHub Actions sets; raises `usage` when that is not set.
--- ```lua
--- local repo = github.repository("rust-lang/rust")
--- for issue in repo:issues{ labels = { "I-ICE" }, state = "open" } do print(issue.number, issue.title) end
--- ```
---@param name? string  "owner/name"
---@return github.Repository
function github.repository(name) end

--- A repository, as `github.repository` gives it. What is not there is nil; a list of a repository that is not there
--- raises `github.not_found` when its first item is asked for. Arguments are checked before anything is asked:
--- `argument` names the one that is wrong, and an option that does not exist.
---
--- Every call that changes something goes through the plan with a kind of its own ("github.issue.create"). Under
--- `--dry-run` it is recorded and not done, and gives `{ planned = true }` in place of its record. What is created is
--- created once: when an answer was lost, uhost looks whether it took effect before it asks again.
---
--- Records have nil where GitHub has null, names for people (logins), and times as GitHub gives them: ISO 8601, UTC.
--- Times that go in are ISO 8601 text or Unix seconds.
---@class github.Repository
---@field name string  "owner/name"
local Repository = {}

--- What a call that lists gives: to iterate over, once, in a `for` loop, or to take whole. Pages are asked for as they
--- are needed.
---@class github.List
---@overload fun(): any
local List = {}

--- The items that are left, as a table.
--- ```lua
--- local labels = github.repository("o/n"):labels():all()
--- ```
---@return any[]
function List:all() end

--- The states of many issues by number: `github.issue_states` for this repository.
---@param numbers integer[]
---@return table<integer, github.IssueState>
function Repository:issue_states(numbers) end

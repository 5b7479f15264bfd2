---@meta uhost.github
-- Pull requests.

---@class github.Repository
local Repository = {}

---@class github.PullPlace
---@field ref string  the branch
---@field sha string
---@field repository? string  nil when the fork is gone

---@class github.Pull
---@field number integer
---@field id integer
---@field node_id string
---@field title string
---@field body string  without the markers of uhost
---@field markers string[]
---@field state "open"|"closed"
---@field is_draft boolean
---@field is_merged boolean
---@field merged_at? string
---@field merged_by? string  of a single one only
---@field merge_commit? string  of an open one: of GitHub's test merge
---@field author? string
---@field author_association? string
---@field labels string[]
---@field assignees string[]
---@field reviewers string[]  who is asked
---@field milestone? string
---@field head github.PullPlace
---@field base github.PullPlace
---@field is_mergeable? boolean  of a single one only; nil until GitHub has found out
---@field mergeable_state? string
---@field commits? integer  of a single one only, as the next three
---@field additions? integer
---@field deletions? integer
---@field changed_files? integer
---@field locked boolean
---@field url string  on the web
---@field created_at string
---@field updated_at string
---@field closed_at? string

--- A pull request; nil when there is none with this number.
---@param number integer
---@return github.Pull?
function Repository:pull(number) end

--- Lists pull requests: the open ones, newest first, unless told. `head` is "owner:branch".
--- ```lua
--- for pull in repo:pulls{ base = "main", state = "closed" } do print(pull.number, pull.merged_at) end
--- ```
---@param options? { state?: "open"|"closed"|"all", head?: string, base?: string, sort?: string, direction?: string }
---@return github.List|fun(): github.Pull
function Repository:pulls(options) end

---@class github.File
---@field path string
---@field previous_path? string  of a renamed one
---@field status "added"|"removed"|"modified"|"renamed"|"copied"|"changed"|"unchanged"
---@field additions integer
---@field deletions integer
---@field changes integer
---@field blob? string  its id
---@field patch? string  nil for binary and for large files

--- Lists the files that a pull request changes. GitHub gives 3,000 at most: where the list reaches that, a warning
--- says so, and its field `cut` is true.
---@param number integer
---@return github.List|fun(): github.File
function Repository:pull_files(number) end

---@class github.Review
---@field id integer
---@field author? string
---@field author_association? string
---@field state "approved"|"changes_requested"|"commented"|"dismissed"|"pending"
---@field body string
---@field commit? string  the one that was reviewed
---@field submitted_at? string
---@field url string

--- Lists the reviews of a pull request, oldest first.
---@param number integer
---@return github.List|fun(): github.Review
function Repository:pull_reviews(number) end

--- The pull requests that a commit came by: the merged one, or the open ones that have it. nil when there is no such
--- commit.
--- ```lua
--- local pulls = repo:pulls_of_commit("6dcb09b5b57875f334f61aebed695e2e4193db5e")
--- print(pulls and pulls[1] and pulls[1].number)
--- ```
---@param sha string
---@return github.Pull[]?
function Repository:pulls_of_commit(sha) end

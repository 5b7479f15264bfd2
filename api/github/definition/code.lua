---@meta uhost.github
-- Pull requests, commits and files as GitHub has them. With a clone, `git` gives most of it without a request.

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

---@class github.PullFilters: github.ListOptions
---@field state? "open"|"closed"|"all"  default "open"
---@field head? string  "owner:branch"
---@field base? string
---@field sort? "created"|"updated"|"popularity"|"long-running"
---@field direction? "asc"|"desc"

--- Lists pull requests, newest first; by default the open ones.
--- ```lua
--- for pull in repo:pulls{ base = "main", state = "closed" } do print(pull.number, pull.merged_at) end
--- ```
---@param options? github.PullFilters
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
---@param options? github.ListOptions
---@return github.List|fun(): github.File
function Repository:pull_files(number, options) end

---@class github.NewPull
---@field title string
---@field head string  the branch with the changes, "owner:branch" in a fork
---@field base string  the branch that they are for
---@field body? string
---@field is_draft? boolean
---@field maintainers_may_push? boolean  to a branch of a fork
---@field cut? boolean  whether a body that is too long for GitHub is cut

--- Opens a pull request, once.
--- ```lua
--- local pull = repo:create_pull{ title = "Sync with 1.84", head = "sync/1.84", base = "main", body = report }
--- ```
---@param options github.NewPull
---@return github.Pull
function Repository:create_pull(options) end

---@class github.PullChange
---@field title? string
---@field body? string
---@field state? "open"|"closed"
---@field base? string
---@field maintainers_may_push? boolean
---@field cut? boolean

--- Changes a pull request; what is not named stays.
---@param number integer
---@param options github.PullChange
---@return github.Pull
function Repository:update_pull(number, options) end

---@class github.MergeOptions
---@field method? "merge"|"squash"|"rebase"
---@field title? string  of the commit
---@field message? string
---@field sha? string  merge only if the head is this commit

---@class github.Merge
---@field sha string  the commit
---@field is_merged boolean
---@field message? string

--- Merges a pull request, once. Raises `github.refused` when it cannot be merged, or its head is another commit.
---@param number integer
---@param options? github.MergeOptions
---@return github.Merge
function Repository:merge_pull(number, options) end

--- Asks people and teams (by their slugs) to review a pull request.
---@param number integer
---@param options { reviewers?: string[], teams?: string[] }
---@return github.Pull
function Repository:request_reviewers(number, options) end

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
---@param options? github.ListOptions
---@return github.List|fun(): github.Review
function Repository:pull_reviews(number, options) end

---@class github.NewReview
---@field event "approve"|"request_changes"|"comment"
---@field body? string
---@field commit? string  the one that is reviewed; default: the newest
---@field comments? table[]  on lines, as GitHub has them: { path, line, side, start_line, body }
---@field cut? boolean

--- Reviews a pull request, once.
---@param number integer
---@param options github.NewReview
---@return github.Review
function Repository:create_review(number, options) end

--- The pull requests that a commit came by: the merged one, or the open ones that have it. nil when there is no such
--- commit.
--- ```lua
--- local pulls = repo:pulls_of_commit("6dcb09b5b57875f334f61aebed695e2e4193db5e")
--- print(pulls and pulls[1] and pulls[1].number)
--- ```
---@param sha string
---@return github.Pull[]?
function Repository:pulls_of_commit(sha) end

-- Commits and files

---@class github.Person
---@field name? string
---@field email? string
---@field time? string
---@field login? string  nil when GitHub knows no account with this address

---@class github.Commit
---@field id string
---@field message string
---@field author github.Person
---@field committer github.Person
---@field tree string
---@field parents string[]
---@field is_verified? boolean  whether its signature holds
---@field additions? integer  of a single one only, as the next three
---@field deletions? integer
---@field files? github.File[]
---@field files_cut? boolean  true: GitHub gives no more than the 3,000 files here
---@field repository? string  of a search result
---@field url string  on the web

--- A commit by id, branch or tag, with its files; nil when there is none.
---@param ref string
---@return github.Commit?
function Repository:commit(ref) end

---@class github.CommitFilters: github.ListOptions
---@field sha? string  where to begin, a branch too; default: the default branch
---@field path? string
---@field author? string  a login or an address
---@field committer? string
---@field since? string|number
---@field until? string|number

--- Lists commits, newest first; none in an empty repository.
---@param filters? github.CommitFilters
---@return github.List|fun(): github.Commit
function Repository:commits(filters) end

---@class github.Comparison
---@field status "ahead"|"behind"|"diverged"|"identical"
---@field ahead_by integer
---@field behind_by integer
---@field total_commits integer
---@field merge_base string
---@field commits github.Commit[]  that head has and base has not, oldest first
---@field commits_cut boolean  true: there are more, see `limit`
---@field files github.File[]
---@field files_cut boolean  true: there may be more than the 300 that GitHub gives
---@field url string  on the web

--- What is in `head` and not in `base`; nil when one of them is not there. Each is a branch, tag or id, or
--- "account:branch" of a fork. At most `limit` commits are fetched, default 1,000.
--- ```lua
--- local change = repo:compare("v1.3", "main")
--- print(change.ahead_by, #change.files, change.files_cut)
--- ```
---@param base string
---@param head string
---@param options? { limit?: integer }
---@return github.Comparison?
function Repository:compare(base, head, options) end

---@class github.ContentEntry
---@field name string
---@field path string
---@field type "file"|"dir"|"symlink"|"submodule"
---@field id string  of the blob, tree or commit
---@field size_bytes? integer
---@field target? string  of a symlink
---@field submodule_url? string
---@field url? string  on the web

--- What is at a path: the content of a file (up to 100 MB) as it is, the entries of a folder ("" is the root), or the
--- entry itself of a submodule, or of a symlink that leads to no file of the repository; nil when there is nothing.
--- ```lua
--- local text = repo:contents("Cargo.toml", { ref = "v1.0" })
--- ```
---@param path string
---@param options? { ref?: string }  default: the default branch
---@return string|github.ContentEntry[]|github.ContentEntry|nil
function Repository:contents(path, options) end

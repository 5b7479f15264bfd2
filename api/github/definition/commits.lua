---@meta uhost.github
-- Commits, tags, releases and files as GitHub has them. With a clone, `git` tells most of it without a request.

---@class github.Repository
local Repository = {}

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

---@class github.CommitFilters
---@field sha? string  where to begin, a branch too; the default branch unless told
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
--- "account:branch" of a fork. At most `limit` commits are fetched: 1,000 unless told.
--- ```lua
--- local change = repo:compare("v1.3", "main")
--- print(change.ahead_by, #change.files, change.files_cut)
--- ```
---@param base string
---@param head string
---@param options? { limit?: integer }
---@return github.Comparison?
function Repository:compare(base, head, options) end

---@class github.Asset
---@field id integer
---@field name string
---@field size_bytes integer
---@field downloads integer
---@field content_type string
---@field state string
---@field digest? string  "sha256:…"
---@field url string  to download it
---@field created_at string
---@field updated_at string

---@class github.Release
---@field id integer
---@field tag string
---@field name? string
---@field body? string
---@field is_draft boolean
---@field is_prerelease boolean
---@field author? string
---@field target string  the branch or commit that the tag is made from
---@field assets github.Asset[]
---@field url string  on the web
---@field created_at string
---@field published_at? string  nil for a draft

--- Lists releases, newest first; drafts only for those who may push.
---@return github.List|fun(): github.Release
function Repository:releases() end

--- The published release of a tag; nil when there is none. A draft has no tag yet: `releases` lists it.
---@param tag string
---@return github.Release?
function Repository:release(tag) end

--- The newest release that is neither a draft nor a prerelease; nil when there is none.
---@return github.Release?
function Repository:latest_release() end

--- Lists tags with the ids of their commits.
---@return github.List|fun(): { name: string, commit: string }
function Repository:tags() end

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
---@param options? { ref?: string }  the default branch unless told
---@return string|github.ContentEntry[]|github.ContentEntry|nil
function Repository:contents(path, options) end

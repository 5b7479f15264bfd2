---@meta uhost.git

--- Git repositories, read and changed through libgit2, and for what concerns a work tree through the installed `git`.
--- Work happens on the worker pool with handles of its own, so that tasks go on meanwhile, and several tasks may use
--- one repository. Walks over history use the commit-graph and its filters of changed paths, where there is one.
---
--- Revisions are git's own syntax ("main", "v1.0~2", "HEAD:src", an id of 4 digits or more). Ids are 40 hexadecimal
--- digits. Paths are relative to the root, taken literally (no patterns), any bytes but NUL. Times that come out are
--- ISO 8601 in UTC; those that go in are Unix seconds or text (the ends of a window as `time.resolve` reads them, such
--- as "3 months"). Messages are UTF-8 where the commit says what it is; names and contents are bytes as they are. What
--- `git replace` replaced is followed.
---
--- What is not there is nil. Errors: `git.not_found` (no repository), `git.owner` (it belongs to another user; the hint
--- is the `safe.directory` line), `git.unsupported` (its format), `git.open`, `git.unknown_revision` (where a commit is
--- needed), `git.revision` (malformed), `git.ambiguous`, `git.not_a_commit`, `git.shallow` (a shallow clone was cut
--- inside what was asked for; the hint has the `fetch-depth: 0` line), `git.missing_object`, `git.corrupt_object`,
--- `git.corrupt_graph`, `git.corrupt_pack`, `git.conflict`, `git.unrelated` (no common ancestor), `git.bare`,
--- `git.limit` (see the function's limit), `git.locked`, `git.failed`, `cancelled`.
---@class uhost.git
git = {}

--- Opens the repository that a folder lies in: its work tree or below, a linked work tree, its git folder, or a bare
--- repository.  Raises `git.not_found`, `git.owner`, `git.unsupported`, `git.open`.
---
--- ```lua
--- local repo = git.open(".")
--- for commit in repo:log{ path = "src", limit = 10 } do print(commit.id, commit.subject) end
--- ```
---@param path? string  default: the current folder
---@return git.Repository
function git.open(path) end

--- Makes a repository, with the folders that lead to it.  An existing one is left as it is. A mutation: under
--- `--dry-run` nothing is made and nil returned. Raises `git.init`.
---@param path string
---@param options? { bare?: boolean, initial_branch?: string }  initial_branch: default as `git init`
---@return git.Repository?
function git.init(path, options) end

--- An open repository. It is closed by `close()` and when collected.
---@class git.Repository
local Repository = {}

--- The work tree, or the git folder of a bare repository.
---@return string
function Repository:path() end

--- The git folder: ".git" of the work tree, or that of a linked work tree.
---@return string
function Repository:git_folder() end

--- The git folder that all linked work trees share; what identifies the repository on this machine.
---@return string
function Repository:common_folder() end

--- The work tree; nil for a bare repository.
---@return string?
function Repository:work_tree() end

--- Whether it has no work tree.
---@return boolean
function Repository:is_bare() end

--- Whether this is a linked work tree (`git worktree`).
---@return boolean
function Repository:is_worktree() end

--- Whether it is a clone without all of its history.
---@return boolean
function Repository:is_shallow() end

---@class git.Head
---@field id string  of the commit
---@field branch? string  "main"; nil when detached
---@field ref? string  "refs/heads/main"; nil when detached
---@field detached boolean

--- What HEAD is; nil as long as its branch has no commits.
---@return git.Head?
function Repository:head() end

--- The id of the object that a revision names; nil if there is none.  Raises `git.revision`, `git.ambiguous`,
--- `git.missing_object` (a reference points at an object that is not there).
---@param revision string
---@return string?
function Repository:resolve(revision) end

--- Closes the repository; its methods raise `closed` from then on.
function Repository:close() end

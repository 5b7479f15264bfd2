---@meta uhost.git
-- What is in a commit, and in the work tree.

---@class git.Repository
local Repository = {}

---@class git.TreeEntry
---@field path string  from the root
---@field name string
---@field kind "file" | "executable" | "link" | "folder" | "submodule"
---@field mode integer
---@field id string

--- What a revision has in a folder; nil if there is no such folder.  Raises `git.limit` for more than `limit` entries,
--- default 1,000,000.
---@param revision? string  default "HEAD"
---@param options? { path?: string, recursive?: boolean, limit?: integer }  recursive: the files of all folders below
---@return git.TreeEntry[]?
function Repository:tree(revision, options) end

--- For each of `paths`, whether a revision has a file there: a regular one or a link, not a folder or submodule.
---@param revision string
---@param paths string[]
---@return boolean[]
function Repository:has_files(revision, paths) end

--- The content of a file at a revision (of a link: its target); nil if there is no such file.  Raises `git.limit` for
--- more than `limit_bytes`, default 256 MiB.
---@param revision string
---@param path string
---@param options? { limit_bytes?: integer }
---@return string?
function Repository:read(revision, path, options) end

--- The content of a file by its blob's id; nil if there is no such object.  Raises `git.limit` for more than
--- `limit_bytes`, default 256 MiB.
---@param id string
---@param options? { limit_bytes?: integer }
---@return string?
function Repository:read_blob(id, options) end

---@class git.BlameHunk
---@field first_line integer
---@field line_count integer
---@field commit string  the id of the commit that these lines come from
---@field author string
---@field author_email string
---@field author_time string
---@field original_path string  in that commit
---@field original_line integer
---@field boundary boolean  the history ends there

--- Who last changed each line of a file, as `git blame` answers; nil if there is no such file.  Renames of the whole
--- file are followed.
---@param path string
---@param options? { revision?: string, first_line?: integer, last_line?: integer, first_parent?: boolean }
---@return git.BlameHunk[]?
function Repository:blame(path, options) end

---@class git.StatusEntry
---@field path string
---@field old_path? string  of a renamed file
---@field staged? "added" | "modified" | "deleted" | "renamed" | "type_changed"  the index against HEAD
---@field unstaged? "modified" | "deleted" | "renamed" | "type_changed" | "untracked" | "ignored"  the work tree
---@field conflicted boolean

--- What differs between HEAD, index and work tree.  Raises `git.bare`.
---@param options? { paths?: string | string[], untracked?: boolean, ignored?: boolean }  untracked: default true
---@return git.StatusEntry[]
function Repository:status(options) end

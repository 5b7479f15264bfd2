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

--- The contents of many files at a revision, by path, much faster than one by one; those that are not there are left
--- out.  Raises `git.limit` for more than `limit_bytes` together, default 256 MiB.
---
--- ```lua
--- for path, text in pairs(repo:read_many("v1.0", { "README.md", "LICENSE" })) do print(path, #text) end
--- ```
---@param revision string
---@param paths string | string[]
---@param options? { limit_bytes?: integer }
---@return table<string, string>
function Repository:read_many(revision, paths, options) end

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
---@field unstaged? "added" | "modified" | "deleted" | "type_changed" | "untracked" | "ignored"  the work tree
---@field conflicted boolean

--- What differs between HEAD, index and work tree, by path.  The installed `git` finds it, so that sparse checkouts,
--- filters and split indexes count; where there is none, libgit2 does. Raises `git.bare`.
---@param options? { paths?: string | string[], untracked?: boolean, ignored?: boolean }  untracked: default true
---@return git.StatusEntry[]
function Repository:status(options) end

---@class git.GrepMatch
---@field path string
---@field line integer
---@field column integer  of the first match, in bytes from 1
---@field text string  the line

--- The lines of a revision's text files that a pattern (see `re`) matches.  Raises `git.limit` for more than `limit`,
--- default 100,000.
---
--- ```lua
--- for _, match in ipairs(repo:grep("TODO|FIXME", { paths = "src" })) do
---     local line = { first_line = match.line, last_line = match.line }
---     print(match.path, match.line, repo:blame(match.path, line)[1].author)
--- end
--- ```
---@param pattern string
---@param options? { revision?: string, paths?: string | string[], ignore_case?: boolean, limit?: integer }
---@return git.GrepMatch[]
function Repository:grep(pattern, options) end

--- What gitattributes say of files, by path and name: true, false (`-text`) or a text; what they leave open is not
--- there.
---
--- ```lua
--- print(repo:attributes("main.py", "diff")["main.py"].diff)
--- ```
---@param paths string | string[]
---@param names string | string[]
---@return table<string, table<string, boolean | string>>
function Repository:attributes(paths, names) end

--- Those of some paths that `.gitignore` and the like leave out, tracked or not.  Raises `git.bare`.
---@param paths string | string[]
---@return string[]
function Repository:ignored(paths) end

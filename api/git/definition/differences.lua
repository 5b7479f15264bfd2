---@meta uhost.git
-- What differs between commits, the index and the work tree.

---@class git.Repository
local Repository = {}

---@class git.DiffOptions
---@field paths? string | string[]  only these files and folders; a move across their edge looks like half of it
---@field renames? boolean  find moved files, at least half alike; default true
---@field copies? boolean
---@field context? integer  unchanged lines around each change, default 3
---@field stats? boolean  false: which files differ and nothing else, which reads none of them
---@field hunks? boolean  false: counts only
---@field ignore_whitespace? boolean
---@field staged? boolean  compare `a` (default HEAD) with the index
---@field unstaged? boolean  compare the index with the work tree
---@field max_files? integer  `git.limit` beyond, default 100,000
---@field max_lines? integer  of all hunks, `git.limit` beyond, default 1,000,000

---@class git.Diff
---@field files git.DiffFile[]
---@field additions? integer  lines
---@field deletions? integer

---@class git.ChangedFile
---@field status "added" | "deleted" | "modified" | "renamed" | "copied" | "type_changed" | "conflicted" | "unreadable"
---@field path string  where it is now (of a deleted file: where it was)
---@field old_path string
---@field old_id? string
---@field new_id? string
---@field old_mode? integer
---@field new_mode? integer
---@field similarity_percent? integer  of renamed and copied files
---@field binary? boolean  and the following, where lines are counted
---@field additions? integer  lines
---@field deletions? integer

---@class git.DiffFile : git.ChangedFile
---@field hunks? git.Hunk[]

---@class git.Hunk
---@field old_start integer
---@field old_lines integer
---@field new_start integer
---@field new_lines integer
---@field header string  what stands behind the second "@@"
---@field lines git.HunkLine[]

---@class git.HunkLine
---@field origin "+" | "-" | " "
---@field text string  without its line feed
---@field old_line? integer
---@field new_line? integer
---@field newline_at_end? false  on a last line that has no line feed

--- Compares two revisions.  Without `b`, `a` is compared with the work tree; without `a`, nothing with `b`; without
--- both, HEAD with the work tree. Attributes count (`-diff`, `binary`, `diff=python`). Raises
--- `git.unknown_revision`, `git.bare`, `git.limit`.
---
--- ```lua
--- for _, file in ipairs(repo:diff("main", "topic", { stats = false }).files) do print(file.status, file.path) end
--- ```
---@param a? string
---@param b? string
---@param options? git.DiffOptions
---@return git.Diff
function Repository:diff(a, b, options) end

--- The same as a patch, as `git diff --full-index` prints it; `apply` takes it.  Of binary files it says only that they
--- differ.
---@param a? string
---@param b? string
---@param options? git.DiffOptions
---@return string
function Repository:patch(a, b, options) end

--- The names of what differs between two revisions, the fastest question of all; of a moved file both names.
---
--- ```lua
--- for _, path in ipairs(repo:changed_paths("v1.0", "main", { paths = "src" })) do print(path) end
--- ```
---@param a string
---@param b string
---@param options? { paths?: string | string[] }
---@return string[]
function Repository:changed_paths(a, b, options) end

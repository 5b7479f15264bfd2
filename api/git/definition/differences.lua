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

---@class git.MergeFileOptions
---@field base? string  what both sides come from; nil: both added the file
---@field ours string
---@field theirs string
---@field style? "merge" | "diff3"  diff3: a conflict shows the base, too; default "merge"
---@field favor? "none" | "union"  union: where both changed, the lines of both, without markers
---@field marker_size? integer  1 to 65535, default 7
---@field base_label? string  what stands behind the markers, default "base", "ours" and "theirs"
---@field ours_label? string
---@field theirs_label? string

--- Merges three texts as `git merge-file` does, without a repository.
---
--- ```lua
--- print(git.merge_file{ base = "a\nb\nc\n", ours = "A\nb\nc\n", theirs = "a\nb\nC\n" }.text)  --> A, b, C
--- ```
---@param options git.MergeFileOptions
---@return { clean: boolean, text: string }  clean: there is no conflict
function git.merge_file(options) end

---@class git.LineChange
---@field old_start integer  from 1; where no line was removed, the one before
---@field old_lines integer
---@field new_start integer
---@field new_lines integer

--- Which lines of a text became which, by git's default algorithm. Of two lists of texts, such as words, the items are
--- compared.
---
--- ```lua
--- print(git.compare_texts({ "a", "quick", "fox" }, { "a", "fox" })[1].old_start)  --> 2
--- ```
---@param old string | string[]
---@param new string | string[]
---@return git.LineChange[]
function git.compare_texts(old, new) end

---@meta uhost.git
-- Merging and replaying, in memory: no work tree, no index.

---@class git.Repository
local Repository = {}

---@class git.LineRange
---@field first integer  from 1; of an empty range, the line it stands before
---@field count integer

---@class git.ConflictHunk
---@field base git.LineRange
---@field ours git.LineRange
---@field theirs git.LineRange
---@field line integer  of its first marker in the merged text

---@class git.ConflictSide
---@field path string  its name there; another than the conflict's after a rename
---@field oid string
---@field mode integer

---@class git.MergeConflict
---@field kind "content" | "modify_delete" | "add_add" | "rename_delete" | "rename_rename" | "rename_add" | "mode"
---    | "type" | "binary" | "submodule" | "directory_file" | "directory_rename"  type: a file became a link or a
---    submodule on one side. directory_rename: it was added in a folder that the other side renamed, or it cannot be
---    said where the folder went (then it has no sides)
---@field path string  where the merged tree has it
---@field base? git.ConflictSide
---@field ours? git.ConflictSide
---@field theirs? git.ConflictSide
---@field hunks git.ConflictHunk[]  of a conflict within text
---@field text? string  the merged text with markers; nil beyond 64 MiB of all of them
---@field driver? string  the merge driver that gitattributes name for it: a program, which is not run

---@class git.TreeMerge
---@field clean boolean
---@field tree string  the id of the merged tree; with conflicts, as git leaves it: with markers in the files
---@field conflicts git.MergeConflict[]  by path
---@field merged string[]  paths whose contents were merged without a conflict

---@class git.MergeOptions
---@field ours string
---@field theirs string
---@field base? string  a commit or tree that both come from; default: the merge bases of the two commits. Several of
---    them are merged first. With a base, the sides may be trees as well
---@field conflict_style? "merge" | "diff3" | "zdiff3"  default "merge", as git's merge.conflictStyle
---@field renames? boolean  follow renames of files and folders; default true
---@field rename_limit? integer  how many removed and added files are compared with each other; default 7,000
---@field labels? { base?: string, ours?: string, theirs?: string }  in the markers; default: the revisions
---@field write? boolean  write the new objects; default true. If not, nothing at all is written, and the ids are those
---    which the objects would have

--- Merges two commits or trees as `git merge-tree --write-tree` does (git's merge-ort): the same tree, the same
--- conflicts.  A mutation, unless `write` is false; under `--dry-run` nothing is written. Folders that two of the three
--- trees share are not read, and of files only those that have to be merged: in a partial clone, one of these that is
--- missing raises `git.missing_object` with its `oid`.
---
--- Of `.gitattributes`, `merge` (text, binary, union, unset) and `conflict-marker-size` count; they are read as git
--- reads them, from the work tree, and in a bare repository from `ours`. Content with a NUL, or of more than 64 MiB,
--- is not merged. A file for which a merge driver is configured as a program is merged as text and always in conflict.
--- Folders that one side renamed give conflicts for what the other side added to them, as with git's default.
---
--- Raises `git.unrelated` (no common ancestor), `git.shallow`, `git.limit` (more than a million changed files, 1 GiB of
--- new objects, 64 merge bases).
---
--- ```lua
--- local merge = repo:merge_trees{ ours = "main", theirs = "topic", write = false }
--- for _, conflict in ipairs(merge.conflicts) do print(conflict.kind, conflict.path) end
--- ```
---@param options git.MergeOptions
---@return git.TreeMerge
function Repository:merge_trees(options) end

---@class git.ReplayedCommit
---@field original string
---@field commit string  what it became; the same one where nothing had to be made
---@field tree string

---@class git.DroppedCommit
---@field original string
---@field reason "patch_id" | "trailer" | "tweaked" | "empty" | "merge"  upstream has the same patch; a commit with the
---    same trailer; a commit by the same author, of the same time and subject, with another patch; nothing is left to
---    do; a merge, with `merges = "flatten"`
---@field upstream? string  the commit that has its change
---@field difference? string  of trailer and tweaked: the diff from its patch to that of upstream; nil if they are equal

---@class git.ReplayConflict
---@field original string
---@field subject string
---@field tree string  with markers in the files; with `write = false` it is in no object database
---@field conflicts git.MergeConflict[]  ours is what is replayed onto, theirs the commit

---@class git.Replay
---@field tip string  what `onto` became
---@field commits git.ReplayedCommit[]
---@field dropped git.DroppedCommit[]
---@field conflicts git.ReplayConflict[]  one at most, with `on_conflict = "stop"`
---@field rest string[]  the commits after the one that a conflict stopped at

---@class git.ReplayOptions
---@field commits string | string[]  a range such as "main..topic", or commits, the oldest first
---@field onto string
---@field merges? "flatten" | "preserve"  leave merges out (default), or make them anew, each by what it changed from
---    its first parent, so that resolved conflicts stay resolved
---@field skip_upstream? boolean  drop what `onto` has already; default true
---@field trailer? string  that tells which change a commit makes, such as "Change-Id"
---@field on_conflict? "stop" | "continue"  continue: report the conflict, take the commit's own side of it, and go on,
---    to see what comes after
---@field committer? string  default: GIT_COMMITTER_NAME, then git's configuration
---@field committer_email? string
---@field time? string | number  of the committer; default: now
---@field conflict_style? "merge" | "diff3" | "zdiff3"
---@field renames? boolean
---@field rename_limit? integer
---@field labels? { base?: string, ours?: string, theirs?: string }
---@field write? boolean  default true; see merge_trees

--- Makes commits anew on top of another one, as `git rebase` does, and moves no reference.  A mutation, unless `write`
--- is false. Author, author's date, message and encoding stay as they are, byte by byte; signatures are left out. A
--- commit whose parent is the tip already is kept as it is.
---
--- Where a conflict stops it, resolve its paths, make the commit, and go on with what is left. Raises what merge_trees
--- raises, and `git.identity`.
---
--- ```lua
--- local replay = repo:replay{ commits = "v1.0..fork", onto = "v1.1" }
--- while replay.conflicts[1] do
---     local stopped, changes = replay.conflicts[1], {}
---     for _, conflict in ipairs(stopped.conflicts) do
---         if conflict.theirs or conflict.ours then changes[conflict.path] = conflict.theirs or false end
---     end
---     local tree = repo:write_tree{ tree = stopped.tree, changes = changes }
---     local tip = repo:commit_tree{ as = stopped.original, tree = tree, parents = replay.tip }
---     replay = repo:replay{ commits = replay.rest, onto = tip }
--- end
--- repo:update_refs{ { ref = "refs/heads/fork", to = replay.tip } }
--- ```
---@param options git.ReplayOptions
---@return git.Replay
function Repository:replay(options) end

---@class git.TreeChange
---@field text? string  the content; of a link, its target
---@field oid? string  an object that is there, in place of `text`
---@field mode? "file" | "executable" | "link" | integer  default "file"

--- Writes a tree: that of a revision with other files.  A mutation, unless `write` is false. A file may take the place
--- of a folder, and a folder that of a file. Raises `git.path` (a path that no tree can have, or a file to remove that
--- is not there).
---@param options { tree: string, changes: table<string, git.TreeChange | false>, write?: boolean }  false: remove it
---@return string id
function Repository:write_tree(options) end

---@class git.CommitTreeOptions
---@field as string  the commit that it is another version of
---@field tree string
---@field parents string | string[]
---@field committer? string  default: as in replay
---@field committer_email? string
---@field time? string | number
---@field write? boolean  default true

--- Writes a commit with the author, author's date, message and encoding of another one, byte by byte.  A mutation,
--- unless `write` is false. Raises `git.identity`.
---@param options git.CommitTreeOptions
---@return string id
function Repository:commit_tree(options) end

---@meta uhost.git
-- Making commits.

---@class git.Repository
local Repository = {}

---@class git.CommitOptions
---@field message string
---@field files? table<string, string | false>  contents by path; false removes the file. A file may take the place of
---    a folder, and a folder that of a file
---@field modes? table<string, "file" | "executable" | "link">  by path; of a link, the content is the target
---@field base? string  the revision whose tree `files` change; default: the first parent
---@field parents? string | string[]  default: what `ref` is now; {} makes a root commit
---@field ref? string  the reference to make, or to move to the new commit: it has to be at the first parent
---@field force? boolean  move `ref` from wherever it is
---@field author? string  default: GIT_AUTHOR_NAME, then git's configuration
---@field author_email? string
---@field committer? string  default: the author if given, else as the author's default
---@field committer_email? string
---@field time? string | number  of author and committer; default: now
---@field mask? boolean  default true: refuse files with a secret in them. In the message it is masked in any case

--- Writes a commit, without a work tree, and moves a reference to it.  A mutation; under `--dry-run` nothing is
--- written, and the id that the commit would have is returned. Raises `git.reference_changed`, `git.identity`,
--- `git.path` (a path that no tree can have, or a file to remove that is not there).
---
--- ```lua
--- local files = { ["a.txt"] = "new\n", old = false }
--- local id = repo:create_commit{ ref = "refs/heads/main", message = "Fix", files = files }
--- ```
---@param options git.CommitOptions
---@return string id
function Repository:create_commit(options) end

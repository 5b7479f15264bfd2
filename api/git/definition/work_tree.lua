---@meta uhost.git
-- The index, the work tree, and what moves between commits and them.
--
-- These run the installed `git`, without hooks, prompts and editor, and do what it does: attributes, filters, sparse
-- checkouts and merge strategies included. All that change something are mutations; under `--dry-run` they do nothing
-- and return nil. They raise `git.failed` with git's own reason in `details.reason`, `git.bare`, and
-- `git.unknown_revision`.

---@class git.Repository
local Repository = {}

--- Brings files and folders into the index as they are in the work tree, deletions included.  A mutation.
---@param paths string | string[]
---@param options? { force?: boolean }  force: ignored files, too
function Repository:add(paths, options) end

--- Removes files and folders from index and work tree.  A mutation. Raises `git.failed` if one has changes.
---@param paths string | string[]
---@param options? { keep?: boolean, force?: boolean }  keep: leave them in the work tree
function Repository:remove(paths, options) end

---@class git.CommitIndexOptions
---@field message string
---@field author? string  default: git's configuration
---@field author_email? string
---@field time? string | number  of author and committer; default: now
---@field amend? boolean  replace the last commit
---@field allow_empty? boolean
---@field sign? boolean | string  sign it; a string names the key

--- Commits the index to the branch that is checked out.  A mutation. `create_commit` needs neither index nor work tree.
---
--- ```lua
--- repo:add("README.md")
--- local id = repo:commit_index{ message = "Explain the build" }
--- ```
---@param options git.CommitIndexOptions
---@return string? id
function Repository:commit_index(options) end

---@class git.CheckoutOptions
---@field paths? string | string[]  only these, into index and work tree; HEAD stays
---@field create? string  make a branch of this name there
---@field detach? boolean  check out the commit of a branch, not the branch
---@field force? boolean  overwrite changes

--- Checks out a branch, or a commit with a detached HEAD.  A mutation. Raises `git.checkout` if changes would be lost.
---@param revision string
---@param options? git.CheckoutOptions
---@return git.Head?
function Repository:checkout(revision, options) end

---@class git.ResetOptions
---@field mode? "soft" | "mixed" | "hard" | "merge" | "keep"  default "mixed": the index, not the work tree
---@field paths? string | string[]  only these, in the index

--- Moves the branch that is checked out, and resets index and work tree as `mode` says.  A mutation.
---@param revision? string  default "HEAD"
---@param options? git.ResetOptions
function Repository:reset(revision, options) end

---@class git.ApplyOptions
---@field index? boolean  to index and work tree
---@field staged? boolean  to the index alone; default: to the work tree alone
---@field reverse? boolean
---@field three_way? boolean  merge where the context is not there

--- Applies a patch, all of it or nothing.  A mutation; a dry run checks whether it applies. Raises `git.patch`.
---
--- ```lua
--- worktree:apply(repo:patch("v1.0", "topic", { paths = "src" }), { index = true })
--- ```
---@param patch string
---@param options? git.ApplyOptions
function Repository:apply(patch, options) end

---@class git.PickOptions
---@field mainline? integer  of a merge: the parent to compare with, from 1
---@field no_commit? boolean  leave the changes in index and work tree
---@field record_origin? boolean  say in the message where it was picked from
---@field leave_conflicts? boolean  default: a conflict is undone

--- Makes the changes of commits again, on the branch that is checked out.  A mutation. Raises `git.conflict`, with the
--- files in `details.paths`.
---
--- ```lua
--- repo:cherry_pick({ "main~2", "main" }, { record_origin = true })
--- ```
---@param revisions string | string[]
---@param options? git.PickOptions
---@return string? id  of the last commit
function Repository:cherry_pick(revisions, options) end

--- Undoes the changes of commits by new commits.  A mutation. Raises as `cherry_pick`.
---@param revisions string | string[]
---@param options? git.PickOptions
---@return string? id  of the last commit
function Repository:revert(revisions, options) end

---@class git.StashOptions
---@field message? string
---@field untracked? boolean  with untracked files
---@field keep_index? boolean
---@field paths? string | string[]

--- Puts away the changes of index and work tree.  A mutation.
---@param options? git.StashOptions
---@return string? id  nil if there was nothing to put away
function Repository:stash(options) end

---@class git.Stash
---@field id string
---@field message string
---@field time string

--- What was stashed, newest first.
---@return git.Stash[]
function Repository:stashes() end

--- Brings a stash back into the work tree and drops it.  A mutation. Raises `git.conflict`; then it is kept.
---@param number? integer  in the list of `stashes`; default 1
---@param options? { index?: boolean, keep?: boolean }  index: restore the index, too; keep: do not drop it
function Repository:unstash(number, options) end

--- Drops a stash.  A mutation.
---@param number? integer  default 1
function Repository:drop_stash(number) end

---@class git.Worktree
---@field path string
---@field id? string  the commit that is checked out
---@field branch? string
---@field bare boolean
---@field locked boolean
---@field prunable boolean  its folder is gone

--- The work trees of the repository, the main one first.
---@return git.Worktree[]
function Repository:worktrees() end

---@class git.AddWorktreeOptions
---@field revision? string  a branch is checked out, of anything else the commit; default "HEAD"
---@field create? string  make a branch of this name there
---@field detach? boolean
---@field checkout? boolean  false: leave it empty
---@field force? boolean  although the branch is checked out elsewhere

--- Adds a linked work tree.  A mutation.
---@param path string
---@param options? git.AddWorktreeOptions
---@return git.Repository?
function Repository:add_worktree(path, options) end

--- Removes a linked work tree.  A mutation. Raises `git.failed` if it has changes, unless `force`.
---@param path string
---@param options? { force?: boolean }
function Repository:remove_worktree(path, options) end

--- untrusted: right, by a key that nothing vouches for; unchecked: the key is not here.
---@alias git.SignatureState
---| "good" | "untrusted" | "bad" | "expired" | "expired_key" | "revoked_key" | "unchecked" | "none"

---@class git.Signature
---@field state git.SignatureState
---@field kind? "openpgp" | "ssh" | "x509"
---@field signer? string
---@field key? string
---@field fingerprint? string

--- Checks the signature of a commit with gpg, gpgsm or ssh-keygen, as git's configuration says.
---
--- ```lua
--- for commit in repo:log{ range = "v1.0..main" } do print(commit.id, repo:verify(commit.id).state) end
--- ```
---@param revision? string  default "HEAD"
---@return git.Signature
function Repository:verify(revision) end

--- The same of an annotated tag, with `state` and `kind` alone; nil if there is no such tag.
---@param name string
---@return git.Signature?
function Repository:verify_tag(name) end

--- Makes a signed tag.  A mutation.
---@param name string
---@param revision? string  default "HEAD"
---@param options { message: string, key?: string, force?: boolean }
---@return string? id  of the tag object
function Repository:sign_tag(name, revision, options) end

---@meta uhost.git
-- Branches, tags and other references.

---@class git.Repository
local Repository = {}

---@class git.Reference
---@field name string  "refs/heads/main"
---@field id? string  of the object it points at in the end; nil where that is not there
---@field symbolic? string  the reference that it stands for

--- All references but HEAD, by name.
---@param prefix? string  of full names: "refs/heads/"
---@return git.Reference[]
function Repository:refs(prefix) end

---@class git.Tag
---@field name string
---@field target string  the id of what it stands for in the end
---@field kind "commit" | "tree" | "blob"  of the target
---@field annotated boolean
---@field id? string  of the tag object, and the following, of an annotated tag
---@field message? string
---@field tagger? string
---@field tagger_email? string
---@field tagger_time? string

--- All tags, by name.
---@return git.Tag[]
function Repository:tags() end

---@class git.RefUpdate
---@field ref string  its full name, "refs/heads/main"
---@field to string | false  a revision; false deletes it
---@field from? string | false  what it has to be: a revision, or false for "not there"; nil: anything

---@class git.RefChange
---@field ref string
---@field before? string  an id
---@field after? string

--- Changes several references as one transaction: all of the updates are made, or none.  Every reference is locked,
--- then compared with its `from`, then written. A mutation. Raises `git.reference_changed` (one is not what was
--- expected; `details.ref`, `.actual`, `.expected`), `git.reference_name`, `git.reference_conflict` ("a" and "a/b"
--- cannot both be), `git.symbolic_reference`, `git.not_a_commit` (for a branch), `git.unknown_revision`, `git.locked`.
--- The work tree is left as it is, also when its branch moves.
---
--- ```lua
--- repo:update_refs({
---     { ref = "refs/heads/main", from = old, to = new },
---     { ref = "refs/tags/synced", from = false, to = new },
--- }, { message = "sync with upstream" })
--- ```
---@param updates git.RefUpdate[]
---@param options? { message?: string }  for the reflogs
---@return git.RefChange[]
function Repository:update_refs(updates, options) end

--- Makes a branch.  A mutation. Raises `git.reference_changed` if it is there, unless `force`, which moves it, and
--- `git.checked_out` if that would move it below its work tree; `git.reference_name` for "HEAD" and "-x".
---@param name string  "topic"
---@param revision? string  default "HEAD"
---@param options? { force?: boolean }
---@return string id
function Repository:create_branch(name, revision, options) end

--- Deletes a branch, merged or not.  A mutation. Raises `git.checked_out` for one that is.
---@param name string
---@return string id  where it was
function Repository:delete_branch(name) end

---@class git.TagOptions
---@field message? string  makes it an annotated tag
---@field tagger? string  default: git's configuration
---@field tagger_email? string
---@field time? string | number
---@field force? boolean  move an existing one

--- Makes a tag: lightweight, or annotated with `message`.  A mutation.
---@param name string
---@param revision? string  default "HEAD"
---@param options? git.TagOptions
---@return string id  of the tag object, or of what a lightweight tag points at
function Repository:create_tag(name, revision, options) end

--- Deletes a tag.  A mutation.
---@param name string
---@return string id  what it was
function Repository:delete_tag(name) end

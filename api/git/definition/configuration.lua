---@meta uhost.git
-- Settings, remotes, reflogs, notes and submodules: what the installed git does.

---@class git.Repository
local Repository = {}

--- The value of a setting, from the repository or the user's and system's configuration; nil if it has none.  A login
--- in a URL is left out. Raises `git.secret` for those that may hold a secret.
---@param key string  "user.name", "remote.origin.url"
---@return string?
function Repository:config(key) end

--- Sets a setting of the repository, in the place of all values that it has; nil removes it.  A mutation. Raises
--- `git.secret` as `config`.
---@param key string
---@param value string | number | boolean | nil
function Repository:set_config(key, value) end

--- Makes a remote, with git's usual refspec.  A mutation. Raises `git.exists`.
--- ```lua
--- repo:add_remote("upstream", "https://github.com/rust-lang/rust.git")
--- ```
---@param name string
---@param url string
function Repository:add_remote(name, url) end

--- Removes a remote with its settings and remote-tracking references.  A mutation. Raises `git.unknown_remote`.
---@param name string
function Repository:remove_remote(name) end

--- Changes where a remote is.  A mutation. Raises `git.unknown_remote`.
---@param name string
---@param url string
---@param options? { push?: boolean }  push: only for pushing
function Repository:set_remote_url(name, url, options) end

---@class git.ReflogEntry
---@field id string  what the reference became
---@field time string
---@field message string  "commit: Fix it"
---@field name string  who changed it
---@field email string

--- What a reference was set to, newest first; empty where git keeps no record.
---@param ref? string  default "HEAD"
---@return git.ReflogEntry[]
function Repository:reflog(ref) end

--- The note on a commit or another object; nil if there is none.  Raises `git.unknown_revision`.
---@param revision string
---@param options? { ref?: string }  "review" for refs/notes/review; default "commits"
---@return string?
function Repository:note(revision, options) end

--- All notes, with the objects that they are on.
---@param options? { ref?: string }
---@return { object: string, note: string }[]  ids of what has one, and of the note's blob
function Repository:notes(options) end

--- Sets the note on an object, in the place of another; false removes it.  A mutation.
---@param revision string
---@param text string | false
---@param options? { ref?: string }
function Repository:set_note(revision, text, options) end

---@class git.Submodule
---@field path string
---@field id string  the commit that the index names; where it is changed, the one that is checked out
---@field state "current" | "changed" | "not_initialized" | "conflicted"
---@field name? string  from .gitmodules
---@field url? string

--- The submodules, by path; none in a bare repository.
---@return git.Submodule[]
function Repository:submodules() end

---@class git.UpdateSubmodulesOptions
---@field paths? string | string[]  only these
---@field recursive? boolean  those of submodules, too
---@field depth? integer  so many commits of history
---@field folders? boolean  fetch from folders, too, which git refuses by default: a repository could name any

--- Checks out submodules at the commits that the index names, and fetches what is missing, with git's own logins.  A
--- mutation.
---@param options? git.UpdateSubmodulesOptions
---@return git.Submodule[]  as they are then
function Repository:update_submodules(options) end

---@meta uhost.git
-- What goes to and comes from other repositories.

---@class git.Repository
local Repository = {}

---@class git.Progress
---@field total_objects integer  to be received
---@field received_objects integer
---@field indexed_objects integer
---@field received_bytes integer
---@field objects_to_send integer
---@field sent_objects integer
---@field sent_bytes integer
---@field message string  the last line the server sent for people

---@class git.CloneOptions
---@field bare? boolean
---@field mirror? boolean  a bare one with every reference under its own name, which fetching keeps so
---@field depth? integer  a shallow clone: so many commits from each tip; by the git program
---@field filter? string  a partial clone: "blob:none", "tree:0", "blob:limit=1m"; by the git program
---@field checkout? boolean  false: leave the work tree empty
---@field branch? string  what to check out; default: the remote's HEAD
---@field progress? fun(progress: git.Progress)  called ten times a second

--- Copies a repository into a folder that is not there or empty.  It is made beside it and moved there when complete:
--- what fails or is cancelled leaves nothing. A mutation; nil under `--dry-run`.
---
--- URLs are `https://`, `http://`, `ssh://` or `user@host:path`, `git://`, `file://`, or a folder. Logins
--- are never Lua values. HTTP: the GitHub token (GITHUB_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN, `github.token_file`) for
--- the configured GitHub's own host and no other, then git's credential helpers, which also learn whether a login was
--- right. ssh: the `ssh` program with its configuration, agent and keys, GIT_SSH_COMMAND, core.sshCommand, or the
--- setting `git.ssh_key`. No password is ever asked for. A login is not taken along when a server redirects to
--- another.
---
--- The setting `git.transport` chooses what speaks to remotes, here and in the functions below: "libgit2", or "git",
--- the installed program, which also knows shallow and partial clones, LFS and protocol version 2. What they take and
--- give is the same.
---
--- Raises `git.auth`, `git.network`, `git.certificate`, `git.host_key`, `git.remote_not_found`, `git.url`,
--- `git.offline`, `git.exists`, `git.shallow`.
---@param url string
---@param path string
---@param options? git.CloneOptions
---@return git.Repository?
function git.clone(url, path, options) end

---@class git.RemoteReference
---@field name string
---@field id string
---@field symbolic? string  what a symbolic one (HEAD) stands for

--- What the repository at a URL has, without a repository here.  Raises as `clone`.
---@param url string
---@return git.RemoteReference[]
function git.ls_remote(url) end

---@class git.Remote
---@field name string
---@field url string  without user name and password
---@field push_url? string
---@field fetch string[]  refspecs
---@field push string[]

--- The remotes of the repository.
---@return git.Remote[]
function Repository:remotes() end

---@class git.FetchOptions
---@field remote? string  a remote's name or a URL; default "origin"
---@field refspecs? string | string[]  default: the remote's own
---@field prune? boolean  delete remote-tracking references that are gone there
---@field tags? "auto" | "all" | "none"
---@field depth? integer  so many commits from each tip; with the next three, and in shallow and partial clones, the git
---    program fetches
---@field deepen? integer  so many commits more than now
---@field unshallow? boolean  all of the history
---@field filter? string  leave out objects, as for a partial clone
---@field progress? fun(progress: git.Progress)  called ten times a second

--- Brings objects and references from a remote.  References change last, all or none: ended early, it leaves them as
--- they were. A mutation. Raises as `git.clone`, `git.unknown_remote`, `git.refspec`; and where git refuses,
--- `git.unknown_revision` (the remote has no such reference), `git.not_fast_forward` (without "+"), `git.exists` (a tag
--- that is another one here) and `git.checked_out`.
---@param options? git.FetchOptions
---@return { changes: git.RefChange[], received_objects: integer, received_bytes: integer }
function Repository:fetch(options) end

---@class git.PushOptions
---@field remote? string  a remote's name or a URL; default "origin"
---@field refspecs string | string[]  "topic", "here:refs/heads/there", "+here:there" to force, ":there" to delete,
---    "refs/heads/*:refs/heads/*" for all that fit
---@field expect? table<string, string | false>  by full names over there: what they have to be, false for "not there"
---@field push_options? string | string[]  for the server's hooks; by the git program
---@field progress? fun(progress: git.Progress)  called ten times a second

--- Sends objects, and asks the remote to update its references.  With `expect`, nothing is sent unless all of them are
--- as expected. A server may still accept some and reject others. A mutation. Raises as `git.clone`,
--- `git.unknown_remote`, `git.not_fast_forward`, `git.push_rejected` (`details.ref`, `.reason`),
--- `git.reference_changed`, `git.refspec`.
---
--- ```lua
--- repo:push{ refspecs = "+topic", expect = { ["refs/heads/topic"] = seen_before } }
--- ```
---@param options git.PushOptions
---@return git.RefChange[]  as far as the remote was asked to change
function Repository:push(options) end

--- What a remote has, by name.  Raises as `git.clone`, and `git.unknown_remote`.
---@param remote? string  a remote's name or a URL; default "origin"
---@return git.RemoteReference[]
function Repository:ls_remote(remote) end

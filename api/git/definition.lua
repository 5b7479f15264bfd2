---@meta uhost.git

--- Git repositories, read and changed through libgit2: no git command is needed. Work happens on the worker pool with
--- handles of its own, so that tasks go on meanwhile, and several tasks may use one repository.
---
--- Revisions are git's own syntax ("main", "v1.0~2", "HEAD:src", an id of 4 digits or more). Ids are 40 hexadecimal
--- digits. Paths are relative to the root, taken literally (no patterns), any bytes but NUL. Times that come out are
--- ISO 8601 in UTC; those that go in are Unix seconds or text that `time.parse` understands. Messages are UTF-8 where
--- the commit says what it is; names and contents are bytes as they are. What `git replace` replaced is followed.
---
--- What is not there is nil. Errors: `git.not_found` (no repository), `git.owner` (it belongs to another user; the hint
--- is the `safe.directory` line), `git.unsupported` (its format), `git.open`, `git.unknown_revision` (where a commit is
--- needed), `git.revision` (malformed), `git.ambiguous`, `git.not_a_commit`, `git.shallow` (a shallow clone was cut
--- inside what was asked for; the hint has the `fetch-depth: 0` line), `git.missing_object`, `git.corrupt_object`,
--- `git.bare`, `git.limit` (see the function's limit), `git.locked`, `git.failed`, `cancelled`.
---@class uhost.git
git = {}

--- Opens the repository that a folder lies in: its work tree or below, a linked work tree, its git folder, or a bare
--- repository.  Raises `git.not_found`, `git.owner`, `git.unsupported`, `git.open`.
---
--- ```lua
--- local repo = git.open(".")
--- for commit in repo:log{ path = "src", limit = 10 } do print(commit.id, commit.subject) end
--- ```
---@param path? string  default: the current folder
---@return git.Repository
function git.open(path) end

--- Makes a repository, with the folders that lead to it.  An existing one is left as it is. A mutation: under
--- `--dry-run` nothing is made and nil returned. Raises `git.init`.
---@param path string
---@param options? { bare?: boolean, initial_branch?: string }  initial_branch: default as `git init`
---@return git.Repository?
function git.init(path, options) end

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
---@field checkout? boolean  false: leave the work tree empty
---@field branch? string  what to check out; default: the remote's HEAD
---@field progress? fun(progress: git.Progress)  called ten times a second

--- Copies a repository into a folder that is not there or empty.  It is made beside it and moved there when complete:
--- what fails or is cancelled leaves nothing. A mutation; nil under `--dry-run`.
---
--- URLs are `https://`, `http://`, `ssh://` or `user@host:path`, `git://`, `file://`, or a folder. Who we are is never
--- a matter of Lua. HTTP: the GitHub token (GITHUB_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN, `github.token_file`) for the
--- configured GitHub's own host and no other, then git's credential helpers, which also learn whether a login was
--- right. ssh: the `ssh` program with its configuration, agent and keys, GIT_SSH_COMMAND, core.sshCommand, or the
--- setting `git.ssh_key`. Nobody is ever asked for a password. A login is not taken along when a server redirects to
--- another.
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

--- An open repository. It is closed by `close()` and when collected.
---@class git.Repository
local Repository = {}

--- The work tree, or the git folder of a bare repository.
---@return string
function Repository:path() end

--- The git folder: ".git" of the work tree, or that of a linked work tree.
---@return string
function Repository:git_folder() end

--- The git folder that all linked work trees share; what identifies the repository on this machine.
---@return string
function Repository:common_folder() end

--- The work tree; nil for a bare repository.
---@return string?
function Repository:work_tree() end

--- Whether it has no work tree.
---@return boolean
function Repository:is_bare() end

--- Whether this is a linked work tree (`git worktree`).
---@return boolean
function Repository:is_worktree() end

--- Whether it is a clone without all of its history.
---@return boolean
function Repository:is_shallow() end

---@class git.Head
---@field id string  of the commit
---@field branch? string  "main"; nil when detached
---@field ref? string  "refs/heads/main"; nil when detached
---@field detached boolean

--- What HEAD is; nil as long as its branch has no commits.
---@return git.Head?
function Repository:head() end

--- The id of the object that a revision names; nil if there is none.  Raises `git.revision`, `git.ambiguous`,
--- `git.missing_object` (a reference points at an object that is not there).
---@param revision string
---@return string?
function Repository:resolve(revision) end

---@class git.Commit
---@field id string
---@field tree string  the id of its tree
---@field parents string[]  ids
---@field subject string  the first paragraph of the message, on one line
---@field message string  all of it
---@field time string  the committer's
---@field author string
---@field author_email string
---@field author_time string
---@field committer string
---@field committer_email string
---@field committer_time string

--- The commit that a revision names (tags are followed); nil if there is none.  Raises as `resolve`, and
--- `git.not_a_commit`.
---@param revision? string  default "HEAD"
---@return git.Commit?
function Repository:commit(revision) end

---@class git.LogOptions
---@field range? string  a revision, "a..b" (in b, not in a) or "a...b" (in one of them, not in both); default "HEAD"
---@field path? string | string[]  only commits that changed one of these
---@field paths? string[]  the same
---@field since? string | number  committer dates, both included
---@field until? string | number
---@field first_parent? boolean  follow only first parents: the mainline
---@field limit? integer  at most so many commits

--- Iterates over commits, newest first, as `git log` lists them, reading no further than the loop goes.  With `path`,
--- history is simplified as git does it by default: a merge that has the path as one parent has is passed over, and
--- only that parent followed. Use `deletions` to find what went away. In a repository without commits there are none.
--- At the end of a shallow clone's history it raises `git.shallow`, unless `limit`, `since` or the range ended it
--- before.
---
--- ```lua
--- for commit in repo:log{ range = "v1.0..HEAD", since = time.ago("6 months") } do print(commit.subject) end
--- ```
---@param options? git.LogOptions
---@return fun(): git.Commit?
function Repository:log(options) end

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

--- The content of a file at a revision (of a link: its target); nil if there is no such file.  Raises `git.limit` for
--- more than `limit_bytes`, default 256 MiB.
---@param revision string
---@param path string
---@param options? { limit_bytes?: integer }
---@return string?
function Repository:read(revision, path, options) end

---@class git.DiffOptions
---@field paths? string | string[]  only these files and folders; a move across their edge looks like half of it
---@field renames? boolean  find moved files, at least half alike; default true
---@field copies? boolean
---@field context? integer  unchanged lines around each change, default 3
---@field hunks? boolean  false: counts only
---@field ignore_whitespace? boolean
---@field most_files? integer  `git.limit` beyond, default 100,000
---@field most_lines? integer  of all hunks, `git.limit` beyond, default 1,000,000

---@class git.Diff
---@field files git.DiffFile[]
---@field additions integer  lines
---@field deletions integer

---@class git.DiffFile
---@field status "added" | "deleted" | "modified" | "renamed" | "copied" | "type_changed" | "conflicted" | "unreadable"
---@field path string  where it is in b (of a deleted file: where it was)
---@field old_path string
---@field old_id? string
---@field new_id? string
---@field old_mode? integer
---@field new_mode? integer
---@field similarity_percent? integer  of renamed and copied files
---@field binary boolean
---@field additions integer  lines
---@field deletions integer
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
--- both, HEAD with the work tree. Raises `git.unknown_revision`, `git.bare`, `git.limit`.
---
--- ```lua
--- for _, file in ipairs(repo:diff("main", "topic", { hunks = false }).files) do print(file.status, file.path) end
--- ```
---@param a? string
---@param b? string
---@param options? git.DiffOptions
---@return git.Diff
function Repository:diff(a, b, options) end

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

--- Who last changed each line of a file; nil if there is no such file.  It cannot be stopped within; a long history
--- takes minutes.
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
---@field type "commit" | "tree" | "blob"
---@field annotated boolean
---@field id? string  of the tag object, and the following, of an annotated tag
---@field message? string
---@field tagger? string
---@field tagger_email? string
---@field tagger_time? string

--- All tags, by name.
---@return git.Tag[]
function Repository:tags() end

---@class git.Remote
---@field name string
---@field url string  without user name and password
---@field push_url? string
---@field fetch string[]  refspecs
---@field push string[]

--- The remotes of the repository.
---@return git.Remote[]
function Repository:remotes() end

--- The best common ancestor of two or more revisions; nil if they have none.
---@param a string
---@param b string
---@param ... string
---@return string?
function Repository:merge_base(a, b, ...) end

--- How many commits a revision has that its upstream has not, and the other way round.
---@param revision string
---@param upstream string
---@return integer ahead
---@return integer behind
function Repository:ahead_behind(revision, upstream) end

--- Whether one commit is an ancestor of another, or the same.
---@param ancestor string
---@param descendant string
---@return boolean
function Repository:is_ancestor(ancestor, descendant) end

---@class git.DescribeOptions
---@field revision? string  default "HEAD"
---@field pattern? string  a glob that tag names have to fit
---@field lightweight? boolean  whether lightweight tags count; default true
---@field first_parent? boolean
---@field exact? boolean  only a tag on the commit itself
---@field always? boolean  the abbreviated id where no tag fits
---@field long_form? boolean  "v1.0-0-gabc1234" on the tag itself, too
---@field abbreviation? integer  digits of the id, default 7
---@field candidates? integer  how many tags to consider, default 10

--- The name of a commit by its nearest tag ("v1.0-14-g2414721"), as `git describe` gives it; nil if no tag fits.
---@param options? git.DescribeOptions
---@return string?
function Repository:describe(options) end

---@class git.DeletionsOptions
---@field path? string  a folder or a file; default: the whole tree
---@field since? string | number  committer dates, both included
---@field until? string | number
---@field first_parent? boolean  compare the commits of the mainline with their first parents only
---@field renames? boolean  find out where files were moved to; default true
---@field revision? string  where to look back from; default "HEAD"
---@field index? boolean  false: neither use nor write the index; true: fail where it cannot be used
---@field refresh? boolean  walk all of the history and make the index anew

---@class git.Deletion
---@field path string
---@field commit string  the id of the commit that removed it
---@field time string  its committer date
---@field author string
---@field author_email string
---@field subject string
---@field pr? integer  the pull request that did it: from the commit's subject, or the innermost merge around it
---@field merge? string  the mainline merge that brought the commit in; nil if it is on the mainline itself
---@field moved_to? string  where the same commit put the file
---@field similarity_percent? integer  of the contents, with moved_to
---@field present boolean  whether the file is there again at the revision
---@field blob string  the id of its last content; `repo:read_blob(blob)` reads it

--- Iterates over every file below a path that went away, newest first, one record for each, told at the commit that
--- removed it.  On a merge a file counts as removed only if every parent had it. Deletions on merged side branches
--- count, whatever the history looks like; nothing is simplified away.
---
--- What was found is kept in the store (the state folder's `git.sqlite`) by repository, path, options and branch,
--- once a loop has reached its end; the next time only new commits are walked. A rewritten history is noticed and
--- walked anew. Where the store cannot be used, a warning says so and the history is walked. No index is kept for
--- revisions that are fixed ids or expressions ("main~3"). Raises `git.shallow`.
---
--- ```lua
--- for d in repo:deletions{ path = "tests/crashes", since = time.ago("6 months") } do
---     print(d.time, d.path, d.pr, d.moved_to or "removed")
--- end
--- ```
---@param options? git.DeletionsOptions
---@return fun(): git.Deletion?
function Repository:deletions(options) end

--- The content of a file by its blob's id; nil if there is no such object.  Raises `git.limit` for more than
--- `limit_bytes`, default 256 MiB.
---@param id string
---@param options? { limit_bytes?: integer }
---@return string?
function Repository:read_blob(id, options) end

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

--- Makes a branch.  A mutation. Raises `git.reference_changed` if it is there, unless `force`, which moves it.
---@param name string  "topic"
---@param revision? string  default "HEAD"
---@param options? { force?: boolean }
---@return string id
function Repository:create_branch(name, revision, options) end

--- Deletes a branch, merged or not.  A mutation.
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

---@class git.CommitOptions
---@field message string
---@field files? table<string, string | false>  contents by path; false removes the file
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

---@class git.FetchOptions
---@field remote? string  a remote's name or a URL; default "origin"
---@field refspecs? string | string[]  default: the remote's own
---@field prune? boolean  delete remote-tracking references that are gone there
---@field tags? "auto" | "all" | "none"
---@field progress? fun(progress: git.Progress)  called ten times a second

--- Brings objects and references from a remote.  References change last: ended early, it leaves them as they were. A
--- mutation. Raises as `git.clone`, `git.unknown_remote`, `git.shallow` (libgit2 cannot fetch into shallow clones).
---@param options? git.FetchOptions
---@return { changes: git.RefChange[], received_objects: integer, received_bytes: integer }
function Repository:fetch(options) end

---@class git.PushOptions
---@field remote? string  a remote's name or a URL; default "origin"
---@field refspecs string | string[]  "topic", "here:refs/heads/there", "+here:there" to force, ":there" to delete
---@field expect? table<string, string | false>  by full names over there: what they have to be, false for "not there"
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

--- Closes the repository; its methods raise `closed` from then on.
function Repository:close() end

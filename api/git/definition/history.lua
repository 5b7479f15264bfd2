---@meta uhost.git
-- Commits and how they follow each other.

---@class git.Repository
local Repository = {}

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
---@field files? git.ChangedFile[]  from `log{ files = true }`: what it changed from its only parent
---@field additions? integer  from `log{ stats = true }`: lines, of all files
---@field deletions? integer
---@field path? string  from `log{ follow = true }`: what the file was called

--- The commit that a revision names (tags are followed); nil if there is none.  Raises as `resolve`, and
--- `git.not_a_commit`.
---@param revision? string  default "HEAD"
---@return git.Commit?
function Repository:commit(revision) end

---@class git.LogOptions
---@field range? string  a revision, "a..b" (in b, not in a) or "a...b" (in one of them, not in both); default "HEAD"
---@field path? string | string[]  only commits that changed one of these
---@field paths? string[]  the same
---@field all? boolean  from HEAD and all references instead of a range
---@field since? string | number  committer dates, both included; as text what `time.resolve` reads: "3 months"
---@field until? string | number
---@field first_parent? boolean  follow only first parents: the mainline
---@field merges? boolean  true: only merges; false: none
---@field author? string  a pattern (see `re`) for "Name <email>"
---@field grep? string  a pattern for a line of the message
---@field ignore_case? boolean  in all patterns
---@field pickaxe? string  a text that a file has more or less often than before (`git log -S`)
---@field pickaxe_regex? string  a pattern for a line that was added or removed (`git log -G`)
---@field follow? boolean  with one `path`: go on with what the file was called before it was renamed, copies apart
---@field order? "date" | "author_date" | "topo"  children first, else by date, or each line of history for itself
---@field reverse? boolean  oldest first, of the commits that the other options choose
---@field limit? integer  at most so many commits
---@field files? boolean  with the files that each commit changed, within `path`; a pickaxe gives those that it fits
---@field stats? boolean  and with counts of their lines, as `git log --numstat`
---@field renames? boolean  find moved files among them; default true

--- Iterates over commits, newest first, as `git log` lists them, reading no further than the loop goes (`order` and
--- `reverse` read all).  With `path`, history is simplified as git does it by default: a merge that has the path as one
--- parent has is passed over, and only that parent followed. Use `deletions` to find what went away. In a repository
--- without commits there are none. A merge has no files, unless `first_parent` makes it a change of the mainline.
---
--- At the end of a shallow clone's history it raises `git.shallow`, unless `limit`, `since` or the range ended it
--- before.
---
--- ```lua
--- for commit in repo:log{ since = "6 months", stats = true } do
---     print(commit.additions, commit.deletions, commit.subject)
--- end
--- ```
---@param options? git.LogOptions
---@return fun(): git.Commit?
function Repository:log(options) end

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
---@field path? string | string[]  a folder or a file, or a list of files; default: the whole tree
---@field since? string | number  committer dates, both included; as text what `time.resolve` reads
---@field until? string | number
---@field first_parent? boolean  compare the commits of the mainline with their first parents only
---@field renames? boolean  find out where files were moved to; default true
---@field revision? string  where to look back from; default "HEAD"
---@field index? boolean  false: neither use nor write the index (as for a list of files); true: fail where it cannot be
---    used
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
---@field in_mainline boolean  whether the mainline had the file: false where it came and went within what was merged
---@field moved_to? string  where the same commit put the file
---@field similarity_percent? integer  of the contents, with moved_to
---@field present boolean  whether the file is there again at the revision
---@field blob string  the id of its last content; `repo:read_blob(blob)` reads it

--- Iterates over every file below a path that went away, one record for each, with the commit that removed it, in the
--- order of `git log --date-order`: newest first, but children before parents.  On a merge a file counts as removed
--- only if every parent had it. Deletions on merged side branches count, whatever the history looks like; nothing is
--- simplified away.
---
--- What was found is kept in the store (the state folder's `git.sqlite`) by repository, path, options and branch,
--- once a loop has reached its end; the next time only new commits are compared, with the same answer as `refresh`.
--- Where the store cannot be used, a warning says so and the history is walked. No index is kept for revisions that
--- are fixed ids or expressions ("main~3"). Raises `git.shallow`, and `git.unborn_head` where HEAD names a branch that
--- is not there while other references are.
---
--- ```lua
--- for d in repo:deletions{ path = "tests/crashes", since = "6 months" } do
---     print(d.time, d.path, d.pr, d.moved_to or "removed")
--- end
--- ```
---@param options? git.DeletionsOptions
---@return fun(): git.Deletion?
function Repository:deletions(options) end

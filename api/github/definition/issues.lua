---@meta uhost.github
-- Issues, their comments, labels and milestones.

---@class github.Repository
local Repository = {}

---@class github.Issue
---@field number integer
---@field id integer
---@field node_id string
---@field title string
---@field body string  without the markers of uhost
---@field markers string[]  the names of the markers in the body, whoever put them there
---@field state "open"|"closed"
---@field reason? "completed"|"not_planned"|"duplicate"|"reopened"
---@field author? string  nil when the account is gone
---@field author_association? string  "OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "NONE" …
---@field labels string[]  names
---@field assignees string[]  logins
---@field milestone? string  title
---@field comments integer  how many
---@field locked boolean
---@field lock_reason? string
---@field is_pull_request boolean
---@field repository? string  where it is now: for a transferred issue, its new home
---@field url string  on the web
---@field created_at string
---@field updated_at string
---@field closed_at? string
---@field closed_by? string
---@field planned? boolean  true, and nothing else, under a dry run

--- An issue, or a pull request as an issue; nil when there is none or it was deleted. A transferred one is given from
--- its new place (see `repository`).
---@param number integer
---@return github.Issue?
function Repository:issue(number) end

---@class github.IssueFilters: github.ListOptions
---@field state? "open"|"closed"|"all"  default "open"
---@field labels? string[]  that an issue has all of
---@field assignee? string  a login, "none" or "*" for any
---@field creator? string  a login; of an app "name[bot]"
---@field mentioned? string  a login
---@field milestone? integer|string  number or title, "none" or "*" for any
---@field type? string  a type's name, "none" or "*" for any
---@field since? string|number  updated at this time or later
---@field sort? "created"|"updated"|"comments"
---@field direction? "asc"|"desc"  default "desc"
---@field pull_requests? boolean  true: give pull requests as well

--- Lists issues, newest first. GitHub's list has the pull requests too; they are left out unless asked for.
--- ```lua
--- for issue in repo:issues{ state = "all", labels = { "bug" }, since = time.iso(time.ago("1 week")) } do
---     print(issue.number, issue.state, issue.title)
--- end
--- ```
---@param filters? github.IssueFilters
---@return github.List|fun(): github.Issue
function Repository:issues(filters) end

---@class github.NewIssue
---@field title string
---@field body? string  at most 65,536 characters, without a marker of uhost
---@field labels? string[]  names; those that do not exist are made
---@field assignees? string[]  logins
---@field milestone? integer|string  number or title
---@field marker? string  the name of a marker to hide in the body
---@field cut? boolean  true: shorten a body that is too long, with a note, in place of an error

--- Opens an issue, once. A hidden marker in its body identifies it; the body may not have one of its own.
---
--- Text from elsewhere in a body can mention people and link issues; `report` renders text so that it does neither.
--- ```lua
--- local issue = repo:create_issue{ title = "Crash on empty input", body = "…", labels = { "bug" } }
--- print(issue.url)
--- ```
---@param issue github.NewIssue
---@return github.Issue
function Repository:create_issue(issue) end

---@class github.IssueChange
---@field title? string
---@field body? string  the markers of the old body stay
---@field labels? string[]  in place of those that it has
---@field assignees? string[]  in place of those that it has
---@field milestone? integer|string|false  false: none
---@field cut? boolean

--- Changes an issue or pull request; what is not named stays.
---@param number integer
---@param change github.IssueChange
---@return github.Issue
function Repository:update_issue(number, change) end

---@class github.Closing
---@field reason? "completed"|"not_planned"|"duplicate"  default "completed"
---@field duplicate_of? integer  the number of the issue that it repeats
---@field comment? string  posted first
---@field cut? boolean  of the comment

--- Closes an issue. One that is closed already stays as it is, with its reason unless another is given, and gets no
--- comment.
--- ```lua
--- repo:close_issue(12, { reason = "not_planned", comment = "The platform is no longer supported." })
--- ```
---@param number integer
---@param options? github.Closing
---@return github.Issue
function Repository:close_issue(number, options) end

--- Opens a closed issue again.
---@param number integer
---@return github.Issue
function Repository:reopen_issue(number) end

--- Lets only people with write access comment.
---@param number integer
---@param options? { reason?: "off-topic"|"too heated"|"resolved"|"spam" }
---@return true
function Repository:lock_issue(number, options) end

--- Lets everybody comment again; false when there is no such issue.
---@param number integer
---@return boolean
function Repository:unlock_issue(number) end

---@class github.EnsuredIssue
---@field marker string  what the issue is for: letters, digits and ._:/#@-, at most 100
---@field title string
---@field body? string  nil: whatever it has stays
---@field labels? string[]  added when they are missing; others stay
---@field reopen? boolean  true: open the newest closed one again before opening a new one
---@field cut? boolean

--- One open issue for a purpose, however often and by however many runs at once this is called: the purpose is the
--- name in the hidden marker `<!-- uhost:NAME -->` of its body. It is opened when there is none, and otherwise brought
--- to the title, body and labels given.
---
--- When two runs open one at the same time, the lowest number stays; the other run closes its own as a duplicate,
--- leaves the first as it is, and gives it. Markers are believed only in issues that the token's own account opened, or
--- people with write access (author association OWNER, MEMBER or COLLABORATOR): anybody could write one. It is looked
--- for among the issues of the token's account and, when labels are given, among those with the first label.
--- ```lua
--- local issue, outcome = repo:ensure_issue{ marker = "audit", title = "Audit", body = text, labels = { "audit" } }
--- print(outcome, issue.url)
--- ```
---@param options github.EnsuredIssue
---@return github.Issue
---@return "created"|"updated"|"unchanged"
function Repository:ensure_issue(options) end

--- The issue that `ensure_issue` would bring up to date, without changing it: the open one with the marker or else the
--- newest closed one; nil when there is none.
---@param options { marker: string, labels?: string[] }  as given to `ensure_issue`
---@return github.Issue?
function Repository:find_issue(options) end

-- Comments on issues and pull requests

---@class github.Comment
---@field id integer
---@field node_id string
---@field issue? integer  the number of the issue or pull request
---@field body string  without the markers of uhost
---@field markers string[]  the names of the markers in the body, whoever put them there
---@field author? string
---@field author_association? string
---@field url string  on the web
---@field created_at string
---@field updated_at string

--- Lists the comments on an issue or pull request, oldest first.
---@param number integer
---@param options? { since?: string|number }  updated at this time or later
---@return github.List|fun(): github.Comment
function Repository:comments(number, options) end

--- Comments on an issue or pull request, once. A body of more than 65,536 characters raises `argument` unless
--- `cut = true` lets it be shortened; one may not hold a marker of uhost.
--- ```lua
--- repo:create_comment(12, { body = "Fixed by #15." })
--- ```
---@param number integer
---@param options { body: string, marker?: string, cut?: boolean }
---@return github.Comment
function Repository:create_comment(number, options) end

--- Changes the text of a comment; its markers stay.
---@param id integer
---@param body string
---@param options? { cut?: boolean }
---@return github.Comment
function Repository:update_comment(id, body, options) end

--- Deletes a comment; false when there is none.
---@param id integer
---@return boolean
function Repository:delete_comment(id) end

--- One comment for a purpose on an issue or pull request, however often and by however many runs at once this is
--- called; as with `ensure_issue`, a hidden marker names the purpose, the lowest id stays, and markers of strangers are
--- not believed.
--- ```lua
--- repo:ensure_comment(pull, { marker = "size-report", body = table_of_sizes })
--- ```
---@param number integer
---@param options { marker: string, body: string, cut?: boolean }
---@return github.Comment
---@return "created"|"updated"|"unchanged"
function Repository:ensure_comment(number, options) end

-- Labels and milestones

---@class github.Label
---@field id integer
---@field name string
---@field color string  six hexadecimal digits, without "#"
---@field description? string
---@field is_default boolean

--- Lists the labels of the repository.
---@param options? github.ListOptions
---@return github.List|fun(): github.Label
function Repository:labels(options) end

--- Changes a label; raises `github.not_found` when there is none.
---@param name string
---@param options { new_name?: string, color?: string, description?: string }
---@return github.Label
function Repository:update_label(name, options) end

--- Deletes a label; false when there is none.
---@param name string
---@return boolean
function Repository:delete_label(name) end

---@class github.WantedLabel
---@field name string  at most 50 characters
---@field color? string  six hexadecimal digits, without "#"
---@field description? string  at most 100 characters

--- Makes the labels that are missing and corrects those that differ; what is not named stays, and so do other labels.
--- Several runs may do so at once. Returns the names by outcome.
--- ```lua
--- repo:ensure_labels{ { name = "crash", color = "d73a4a", description = "It ends with a signal" } }
--- ```
---@param labels github.WantedLabel[]
---@return { created: string[], updated: string[], unchanged: string[] }
function Repository:ensure_labels(labels) end

--- Adds labels to an issue or pull request; those that it has are no error, and those that do not exist are made.
--- Gives the names of all that it has then.
---@param number integer
---@param names string[]
---@return string[]
function Repository:add_labels(number, names) end

--- Takes a label off an issue or pull request; false when it did not have it.
---@param number integer
---@param name string
---@return boolean
function Repository:remove_label(number, name) end

---@class github.Milestone
---@field number integer
---@field id integer
---@field title string
---@field description? string
---@field state "open"|"closed"
---@field open_issues integer
---@field closed_issues integer
---@field due_on? string
---@field url string  on the web
---@field created_at string
---@field updated_at string
---@field closed_at? string

---@class github.MilestoneFilters: github.ListOptions
---@field state? "open"|"closed"|"all"
---@field sort? "due_on"|"completeness"
---@field direction? "asc"|"desc"

--- Lists milestones; by default the open ones.
---@param options? github.MilestoneFilters
---@return github.List|fun(): github.Milestone
function Repository:milestones(options) end

--- A milestone with this title, made when there is none and otherwise brought to what is given. Of a due time GitHub
--- keeps the day.
--- ```lua
--- local milestone = repo:ensure_milestone{ title = "1.4", due_on = "2026-09-01" }
--- ```
---@param options { title: string, description?: string, due_on?: string|number, state?: "open"|"closed" }
---@return github.Milestone
---@return "created"|"updated"|"unchanged"
function Repository:ensure_milestone(options) end

-- Around issues

---@class github.TimelineEvent
---@field id? integer
---@field event string  "labeled", "cross-referenced", "commented" …
---@field actor? string
---@field created_at? string
---@field commit? string
---@field label? string
---@field assignee? string
---@field milestone? string
---@field body? string
---@field state? string  of a review
---@field url? string
---@field source? integer  of a cross-reference: the number of the issue or pull request that mentions this one
---@field source_repository? string
---@field source_title? string
---@field source_url? string
---@field source_state? string
---@field is_from_pull_request boolean

--- Lists what happened to an issue or pull request, oldest first.
---@param number integer
---@param options? github.ListOptions
---@return github.List|fun(): github.TimelineEvent
function Repository:timeline(number, options) end

---@alias github.ReactionContent "+1"|"-1"|"laugh"|"confused"|"heart"|"hooray"|"rocket"|"eyes"

---@class github.Reaction
---@field id integer
---@field content github.ReactionContent
---@field author? string
---@field created_at string

--- Lists the reactions to an issue or pull request.
---@param number integer
---@param options? { content?: github.ReactionContent, limit?: integer }
---@return github.List|fun(): github.Reaction
function Repository:reactions(number, options) end

--- Reacts to an issue or pull request; the same reaction twice is one.
---@param number integer
---@param content github.ReactionContent
---@return github.Reaction
function Repository:add_reaction(number, content) end

--- Takes a reaction back; false when there is none.
---@param number integer
---@param reaction_id integer
---@return boolean
function Repository:delete_reaction(number, reaction_id) end

--- Lists the reactions to a comment.
---@param comment_id integer
---@param options? { content?: github.ReactionContent, limit?: integer }
---@return github.List|fun(): github.Reaction
function Repository:comment_reactions(comment_id, options) end

--- Reacts to a comment; the same reaction twice is one.
---@param comment_id integer
---@param content github.ReactionContent
---@return github.Reaction
function Repository:add_comment_reaction(comment_id, content) end

--- Takes a reaction to a comment back; false when there is none.
---@param comment_id integer
---@param reaction_id integer
---@return boolean
function Repository:delete_comment_reaction(comment_id, reaction_id) end

---@class github.Notification
---@field id integer
---@field reason string
---@field is_unread boolean
---@field title string
---@field type string
---@field subject_url? string
---@field repository string
---@field updated_at string
---@field last_read_at? string

---@class github.NotificationFilters: github.ListOptions
---@field all? boolean  also those that were read
---@field participating? boolean
---@field since? string|number
---@field before? string|number

--- Lists the token's account's notifications about the repository.
---@param options? github.NotificationFilters
---@return github.List|fun(): github.Notification
function Repository:notifications(options) end

--- Marks a notification as read.
---@param id integer
---@return true
function Repository:mark_notification_read(id) end

---@meta uhost.github
--- GitHub: typed calls for a repository (`github.repository`), search, REST and GraphQL. It goes to github.com, or to
--- the Enterprise server that GITHUB_API_URL and GITHUB_GRAPHQL_URL (or the settings `github.api_url`,
--- `github.graphql_url`), or else GH_HOST, name.
---
--- Who asks: a GitHub App, when `github.app_id` and `github.app_key_file` are set; otherwise the token in the file that
--- the setting `github.token_file` names, what `gh` keeps (the setting `github.token_from` = "gh"), or in GH_TOKEN or
--- GITHUB_TOKEN (for an Enterprise server GH_ENTERPRISE_TOKEN or GITHUB_ENTERPRISE_TOKEN first). An App acts through
--- its installation in the account of the repository that is asked for, or through `github.app_installation`; its
--- tokens are renewed before they expire. Scripts never see a token; it is sent to the configured API and nowhere else.
---
--- What may pass is tried again, up to `github.attempts` times with growing, varied pauses: server errors, broken
--- connections, answers that are cut short or no JSON. A change is repeated only if GitHub cannot have received it, or
--- if it comes to the same done twice. What creates something is done once, also when its answer is lost: GitHub is
--- first asked, several times within `github.settle_s`, for what it may have made, which a hidden comment in its text
--- identifies. A change whose effect stays unknown fails with `err.details.effect == "unknown"`. What GitHub carries
--- out only after the last look (15 s after the answer was lost, unless `github.settle_s` says otherwise) may be made
--- twice; the next `ensure_issue` or `ensure_comment` then leaves one.
---
--- A rate limit is one budget of all tasks, which stop before it is used up. It is waited for with a message and a
--- countdown on standard error; when the wait would pass `github.max_wait_s` (`--max-wait` of the scripts), it is
--- `github.rate_limited` at once, with the time in `err.details.reset_at`. After GitHub found the requests too many,
--- fewer go at a time. Processes that use the same state folder and token leave a limit alone that one of them has met,
--- and keep to the pace of changes together that GitHub let one of them through.
---
--- Answers to GET requests are kept with their ETags in `github.sqlite` of the state folder, apart for each token, and
--- asked for again at no cost to the rate limit if they have not changed; the setting `github.cache` turns it off.
---
--- Raises `github.auth` (no token where one is needed, one that is not accepted, or an App that is not installed),
--- `github.forbidden` (names the missing scope or permission), `github.not_found`, `github.gone`, `github.moved` (a
--- renamed repository, with its new name, where a change cannot be sent on), `github.invalid` (names the field),
--- `github.unavailable` (server errors to the last attempt), `github.protocol` (a web page, cut JSON or an answer of
--- another form, to the last attempt; a list that does not advance), `github.unsure` (whether a creation took effect
--- could not be found out), `github.graphql`, `github.rate_limited`, `github.refused`, and what `http` raises.
---@class uhost.github
github = {}

--- What an issue number stands for.
---@class github.IssueState
---@field kind "issue" | "pull_request" | "transferred" | "missing"  missing: deleted, or there never was one
---@field state? "open" | "closed"  nil when missing; of a transferred issue, at its new place
---@field reason? string  "completed", "not_planned", "duplicate", "merged"; "reopened" when it is open again
---@field title? string
---@field url? string  on the web
---@field moved_to? string  "owner/name#number" when transferred
---@field private? boolean  it is in a repository that is not public, or not known to be; nil for `missing`
---@field closed_at? string  ISO 8601, UTC

--- The states of many issues, each asked for once: a hundred to a request (GraphQL), a few requests at a time. Without
--- a token, at most 30 are asked for by REST, one request each, after a warning.
--- Raises `github.not_found` for a repository that is not there, `github.auth` for more without a token.
--- ```lua
--- local states = github.issue_states({ 1, 2, 3 }, { repository = "rust-lang/rust" })
--- for number, state in pairs(states) do print(number, state.kind, state.state) end
--- ```
---@param numbers integer[]
---@param options { repository: string }  "owner/name"
---@return table<integer, github.IssueState>
function github.issue_states(numbers, options) end

---@class github.GetOptions
---@field repository? string  "owner/name"
---@field query? table
---@field headers? table<string, string>
---@field accept? string  another type than JSON: the body is given as it is
---@field timeout_s? number

--- One REST answer, decoded from JSON, and the http.Response it came in (its headers, mostly).
--- ```lua
--- local release = github.get("releases/latest", { repository = "rust-lang/rust" })
--- print(release.tag_name)
--- ```
---@param path string  "/rate_limit"; with `repository`, what follows "/repos/owner/name"; or a URL of the API
---@param options? github.GetOptions
---@return any body  without fields that are null; text where GitHub answers with another type than JSON
---@return http.Response response
function github.get(path, options) end

---@class github.Request
---@field path string  as for github.get
---@field method? string  default "GET"
---@field repository? string  "owner/name"
---@field query? table
---@field json? any  the body, sent as JSON; not with GET
---@field body? string  the body, sent as it is; not with GET
---@field headers? table<string, string>
---@field accept? string  another type than JSON ("application/vnd.github.diff"): the body is given as it is
---@field file? string  where the body of a GET goes: an archive, a log; the file appears whole or not at all
---@field timeout_s? number
---@field statuses? integer[]  statuses of refusals that are taken as answers; see the status of the response
---@field mutates? false|{ kind: string, target: string, summary: string }  what the plan shows; false: it only reads
---@field find? fun(): any  gives what a POST made, or nil

--- Any request to the REST API, with all that github promises: for what no other call is there. A change (any method
--- but GET and HEAD) goes through the plan. PUT, PATCH and DELETE are repeated after a failure; a POST only if GitHub
--- cannot have received it, or, with `find`, after that function has found nothing which it may have made: `find` gives
--- the body of what it made, or nil, and is asked several times.
---
--- The body is decoded from JSON, without fields that are null; with `accept` for another type, and where GitHub
--- answers in plain text, it is the text; with `file`, it is `{ file, size_bytes }`.
--- ```lua
--- github.request{ method = "PUT", repository = "octo/cat", path = "topics", json = { names = { "cats" } } }
--- local diff = github.request{ path = "/repos/octo/cat/pulls/1", accept = "application/vnd.github.diff" }
--- ```
---@param options github.Request
---@return any body
---@return http.Response response
function github.request(options) end

---@class github.CallOptions
---@field repository? string  "owner/name": the parameters `owner` and `repo`
---@field limit? integer  of a list: at most so many
---@field accept? string  another type than JSON: the body is given as it is
---@field file? string  where the body of a GET goes
---@field body? string  of an operation that takes it as it is, with `content_type`
---@field content_type? string
---@field timeout_s? number
---@field statuses? integer[]  statuses of refusals that are taken as answers
---@field find? fun(): any  gives what a POST made, or nil: see github.request

--- Calls any operation of GitHub's REST API by its name in GitHub's own description. `uhost help github.call --search
--- WORDS` finds names and what they take. Parameters of path, query and body are given together, and checked before
--- anything is sent: `argument` names one that the operation does not take, with "did you mean", that is missing, or
--- has another type. What is within a parameter is left to GitHub.
---
--- A list is a github.List of the items of all pages; anything else is the decoded body and its http.Response. An
--- operation that changes something goes through the plan as `github.call`. It is repeated after a failure as
--- github.request does.
--- ```lua
--- for item in github.call("repos/list-deploy-keys", {}, { repository = "octo/cat" }) do print(item.title) end
--- github.call("repos/replace-all-topics", { names = { "cats" } }, { repository = "octo/cat" })
--- ```
---@param operation string  "issues/create"
---@param parameters? table<string, any>
---@param options? github.CallOptions
---@return any body
---@return http.Response? response
function github.call(operation, parameters, options) end

--- Iterates over a list that GitHub gives a page at a time, asking for a page when its first item is wanted. Pages have
--- 100 items unless `query.per_page` says otherwise; a page may also be an object that has the list in one field.
---
--- The list may change meanwhile. Items with an `id` come once. Where pages are numbered, each begins with the last
--- item of the one before, so that items which moved to an earlier page, because others were removed, are noticed and
--- read there. What is removed and added again meanwhile, and lists by cursor or of items without an id, are as GitHub
--- gives them.
--- ```lua
--- for issue in github.pages("issues", { repository = "rust-lang/rust", query = { labels = "I-ICE" } }) do
---     print(issue.number, issue.title)
--- end
--- ```
---@param path string
---@param options? { repository?: string, query?: table, headers?: table<string, string> }
---@return fun(): any
function github.pages(path, options) end

--- Runs a GraphQL document. Gives its data, without fields that are null, and GitHub's list of errors when parts of it
--- could not be had; raises when there is no data at all. A mutation goes through the plan, and so does a document that
--- cannot be parsed.
--- ```lua
--- local data = github.graphql("query($n: String!) { user(login: $n) { name } }", { n = "octocat" })
--- ```
---@param query string
---@param variables? table<string, any>
---@param options? { operation_name?: string }  which operation of the document runs, where it has several
---@return table data
---@return table[]? errors  each with message, type, path
function github.graphql(query, variables, options) end

---@class github.GraphqlPages
---@field connection string  the path of the connection in the data: "repository.issues"
---@field variables? table<string, any>
---@field operation_name? string

--- Iterates over the nodes of a GraphQL connection, of all its pages. The query takes the cursor in the variable
--- `$after` and selects `nodes` and `pageInfo { hasNextPage endCursor }`. Raises `github.protocol` when the pages do
--- not advance.
--- ```lua
--- for label in github.graphql_pages([[query($after: String) {
---     repository(owner: "octo", name: "cat") {
---         labels(first: 100, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } }
---     }
--- }]], { connection = "repository.labels" }) do print(label.name) end
--- ```
---@param query string
---@param options github.GraphqlPages
---@return fun(): table?
function github.graphql_pages(query, options) end

--- Where the token that GitHub is asked with comes from, such as "GITHUB_TOKEN"; nil when there is none. Scripts never
--- see the token itself.
---@return string?
function github.token_source() end

--- What is left of the rate limits by resource ("core", "graphql", "search" …), as GitHub reports it; asking costs
--- nothing. nil for a server without limits.
---@return table<string, { limit: integer, remaining: integer, used: integer, reset_at: string }>?
function github.rate() end

---@class github.CacheStats
---@field requests integer  GET requests that this process has sent
---@field not_modified integer  of these, the ones whose kept answer still held
---@field share number  of these among all, 0 to 1
---@field bytes_saved integer
---@field kept integer  answers that this process has put there
---@field answers integer  in the cache, of all processes
---@field size_bytes integer
---@field enabled boolean  false when it is turned off or cannot be used

--- What the cache of answers has done in this process, and what it holds.
--- ```lua
--- print(("%d %% cost nothing"):format(github.cache_stats().share * 100))
--- ```
---@return github.CacheStats
function github.cache_stats() end

--- Sets the longest wait for a rate limit for the rest of the run, in place of `github.max_wait_s`: what the option
--- `--max-wait` of scripts does. nil gives way to the setting again.
---@param seconds? number
function github.limit_wait(seconds) end

--- How many requests this process has sent to GitHub, repeated ones included.
---@return integer
function github.requests() end

--- The hidden comment `<!-- uhost:NAME -->` by which what is posted is found again. Raises `argument` for a name that
--- is not 1 to 100 letters, digits and "._:/#@-", without two dashes in a row.
---@param name string
---@return string
function github.marker(name) end

--- The "owner/name" that the address of a git remote names on this GitHub; nil for any other address.
--- ```lua
--- print(github.repository_of("git@github.com:rust-lang/rust.git"))  --> rust-lang/rust
--- ```
---@param remote_url string
---@return string?
function github.repository_of(remote_url) end

--- A repository, to ask and change: its issues, labels, runs and so on. Nothing is asked for yet. Without a name, the
--- one in GITHUB_REPOSITORY, which GitHub Actions sets; raises `usage` when that is not set.
--- ```lua
--- local repo = github.repository("rust-lang/rust")
--- for issue in repo:issues{ labels = { "I-ICE" }, state = "open" } do print(issue.number, issue.title) end
--- ```
---@param name? string  "owner/name"
---@return github.Repository
function github.repository(name) end

--- A repository, as `github.repository` gives it. What is not there is nil; a list of a repository that is not there
--- raises `github.not_found` when its first item is asked for. Arguments are checked before anything is asked:
--- `argument` names the one that is wrong, and an option that does not exist.
---
--- Every call that changes something goes through the plan with a kind of its own ("github.issue.create"). Under
--- `--dry-run` it is recorded and not done, and gives `{ planned = true }` in place of its record. What is created is
--- created once: when an answer was lost, uhost looks whether it took effect before it asks again.
---
--- Records have nil where GitHub has null, names for people (logins), and times as GitHub gives them: ISO 8601, UTC.
--- Times that go in are ISO 8601 text or Unix seconds.
---@class github.Repository
---@field name string  "owner/name"
local Repository = {}

--- What a call that lists gives: to iterate over, once, in a `for` loop, or to take whole. Pages are asked for as they
--- are needed.
---@class github.List
---@field total? integer  how many there are, where GitHub says so; known once the first item is
---@field cut? boolean  true: GitHub gives no more, though there may be more
---@overload fun(): any
local List = {}

--- What every call that lists takes.
---@class github.ListOptions
---@field limit? integer  give at most so many

--- The items that are left, as a table.
--- ```lua
--- local labels = github.repository("o/n"):labels():all()
--- ```
---@return any[]
function List:all() end

--- The states of many issues by number: `github.issue_states` for this repository.
---@param numbers integer[]
---@return table<integer, github.IssueState>
function Repository:issue_states(numbers) end

---@class github.CodeResult
---@field path string
---@field name string
---@field id string  of the blob
---@field repository string
---@field url string

---@class github.RepositoryResult
---@field name string  "owner/name"
---@field description? string
---@field stars integer
---@field forks integer
---@field open_issues integer
---@field language? string
---@field topics string[]
---@field is_private boolean
---@field is_fork boolean
---@field is_archived boolean
---@field default_branch string
---@field url string
---@field created_at string
---@field pushed_at? string
---@field updated_at string

--- Searches GitHub, in its own search syntax: issues (and pull requests) as github.Issue, commits as github.Commit,
--- code as github.CodeResult, repositories as github.RepositoryResult.
---
--- GitHub gives at most 1,000 results, and may stop before it has found all: a warning says so, and the list's fields
--- `cut` and `incomplete` are true. Its field `total` is there once the first result is. Search has a rate limit of its
--- own, and shows what is new only after a while: it is not the way to find what one has just made.
--- ```lua
--- for issue in github.search("issues", "repo:rust-lang/rust is:issue label:I-ICE no:assignee") do
---     print(issue.number, issue.title)
--- end
--- ```
---@param kind "issues"|"commits"|"code"|"repositories"
---@param query string
---@param options? { sort?: string, order?: "asc"|"desc", limit?: integer }
---@return github.List|fun(): table
function github.search(kind, query, options) end

--- Whether a webhook's delivery is from GitHub: `signature`, its header X-Hub-Signature-256, fits the body, byte for
--- byte as it came, under the secret in GITHUB_WEBHOOK_SECRET, or, while the secret is being changed, the one in
--- GITHUB_WEBHOOK_SECRET_PREVIOUS. How long that takes reveals nothing of the secrets, which scripts never see. Without
--- the header it is false. Raises `github.auth` when no secret is set.
--- ```lua
--- if not github.verify_webhook(body, headers["x-hub-signature-256"]) then return { status = 403 } end
--- ```
---@param payload string
---@param signature? string  "sha256=…"
---@return boolean
function github.verify_webhook(payload, signature) end

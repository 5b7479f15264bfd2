---@meta uhost.github
--- GitHub: typed calls for a repository (`github.repository`), search, REST and GraphQL. It goes to github.com, or to
--- the Enterprise server that GITHUB_API_URL and GITHUB_GRAPHQL_URL (or the settings `github.api_url`,
--- `github.graphql_url`) name.
---
--- Who asks: a GitHub App, when `github.app_id` and `github.app_key_file` are set; otherwise the token in the file that
--- the setting `github.token_file` names, or in GH_TOKEN or GITHUB_TOKEN (for an Enterprise server GH_ENTERPRISE_TOKEN
--- first). An App acts through its installation in the account of the repository that is asked for,
--- or through `github.app_installation`; its tokens are renewed before they expire. Scripts never see a token; it is
--- sent to the configured API and nowhere else.
---
--- What may pass is tried again, up to `github.attempts` times with growing, varied pauses: server errors, broken
--- connections, answers that are cut short or no JSON. A change is repeated only if GitHub cannot have received it, or
--- if it comes to the same done twice. What creates something is done once, also when its answer is lost: GitHub is
--- first asked, several times within `github.settle_s`, for what it may have made, which a hidden comment in its text
--- tells from others. A change of which this cannot be said fails with `err.details.effect == "unknown"`.
---
--- A rate limit is one budget of all tasks, which stop before it is used up. It is waited for with a message and a
--- countdown on standard error; when the wait would pass `github.max_wait_s` (`--max-wait` of the scripts), it is
--- `github.rate_limited` at once, with the time in `err.details.reset_at`. After GitHub found the requests too many,
--- fewer go at a time.
---
--- Answers to GET requests are kept with their ETags in `github.sqlite` of the state folder, apart for each token, and
--- asked for again at no cost to the rate limit if they have not changed; the setting `github.cache` turns it off.
---
--- Raises `github.auth` (no token where one is needed, one that is not accepted, or an App that is not installed),
--- `github.forbidden` (names the missing scope or permission), `github.not_found`, `github.gone`, `github.moved` (a
--- renamed repository, with its new name, where a change cannot be sent on), `github.invalid` (names the field),
--- `github.unavailable` (server errors to the last attempt), `github.protocol` (a web page, or cut JSON, to the last
--- attempt), `github.unsure` (whether a creation took effect could not be found out), `github.graphql`,
--- `github.rate_limited`, `github.refused`, and what `http` raises.
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

--- One REST answer, decoded from JSON, and the http.Response it came in (its headers, mostly).
--- ```lua
--- local release = github.get("releases/latest", { repository = "rust-lang/rust" })
--- print(release.tag_name)
--- ```
---@param path string  "/rate_limit"; with `repository`, what follows "/repos/owner/name"; or a URL of the API
---@param options? { repository?: string, query?: table, headers?: table<string, string> }
---@return any body
---@return http.Response response
function github.get(path, options) end

---@class github.Request
---@field path string  as for github.get
---@field method? string  "GET" unless told
---@field repository? string  "owner/name"
---@field query? table
---@field json? any  the body
---@field headers? table<string, string>
---@field mutates? { kind: string, target: string, summary: string }  what the plan shows of a change
---@field find? fun(): any  gives what a POST made, or nil

--- Any request to the REST API, with all that github promises: for what no other call is there. A change (any method
--- but GET and HEAD) goes through the plan. PUT, PATCH and DELETE are repeated after a failure; a POST only if GitHub
--- cannot have received it, or, with `find`, after that function has found nothing which it may have made: `find` gives
--- the body of what it made, or nil, and is asked several times.
--- ```lua
--- github.request{ method = "PUT", repository = "octo/cat", path = "topics", json = { names = { "cats" } } }
--- ```
---@param options github.Request
---@return any body
---@return http.Response response
function github.request(options) end

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

--- A GraphQL query or mutation. Gives its data and, when parts of it could not be had, GitHub's list of errors; raises
--- when there is no data at all. A mutation goes through the plan.
--- ```lua
--- local data = github.graphql("query($n: String!) { user(login: $n) { name } }", { n = "octocat" })
--- ```
---@param query string
---@param variables? table<string, any>
---@return table data
---@return table[]? errors  each with message, type, path
function github.graphql(query, variables) end

--- What is left of the rate limits by resource ("core", "graphql", "search" …), as GitHub tells it; asking costs
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

--- The "owner/name" that the address of a git remote names on this GitHub; nil for any other address.
--- ```lua
--- print(github.repository_of("git@github.com:rust-lang/rust.git"))  --> rust-lang/rust
--- ```
---@param remote_url string
---@return string?
function github.repository_of(remote_url) end

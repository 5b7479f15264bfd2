---@meta uhost.github
--- GitHub: questions about issues, REST and GraphQL. It goes to github.com, or to the Enterprise server that
--- GITHUB_API_URL and GITHUB_GRAPHQL_URL (or the settings `github.api_url`, `github.graphql_url`) name.
---
--- The token comes from the file that the setting `github.token_file` names, or from GH_TOKEN or GITHUB_TOKEN (for an
--- Enterprise server GH_ENTERPRISE_TOKEN first). Scripts never see it; it is sent to the configured API and nowhere
--- else.
---
--- What may pass is tried again, up to `github.attempts` times with growing pauses: server errors, broken connections,
--- answers that are cut short; a change only when GitHub cannot have received it. A rate limit is waited for, with a
--- message on standard error, by all tasks together; when the wait would pass `github.max_wait_s`, it is
--- `github.rate_limited` at once, with the time in `err.details.reset_at`.
---
--- Raises `github.auth` (no token where one is needed, or one that is not accepted), `github.forbidden` (names the
--- missing scope or permission), `github.not_found`, `github.gone`, `github.invalid` (names the field),
--- `github.unavailable` (server errors to the last attempt), `github.protocol` (a web page, or cut JSON, to the last
--- attempt), `github.graphql`, `github.rate_limited`, `github.refused`, and what `http` raises.
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

--- Iterates over a list that GitHub gives a page at a time, asking for a page when its first item is wanted. Pages have
--- 100 items unless `query.per_page` says otherwise; a page may also be an object that has the list in one field.
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

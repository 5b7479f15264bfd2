---@meta uhost.github
-- The repository and how it is set up, people, code scanning and projects.

---@class github.Repository
local Repository = {}

---@class github.RepositoryDetails
---@field id integer
---@field node_id string
---@field name string  "owner/name", its new one after it was renamed
---@field description? string
---@field url string  on the web
---@field homepage? string
---@field default_branch string
---@field is_private boolean
---@field is_fork boolean
---@field is_archived boolean
---@field is_template? boolean
---@field visibility? string
---@field parent? string  of a fork: what it was made from
---@field source? string  of a fork: where its network began
---@field language? string
---@field license? string  its SPDX id
---@field topics string[]
---@field stars integer
---@field forks integer
---@field open_issues integer  pull requests included
---@field size_kb integer
---@field has_issues boolean
---@field may_squash? boolean  how pull requests may be merged; only for those who may push, as the next three
---@field may_rebase? boolean
---@field may_merge? boolean
---@field deletes_branches? boolean
---@field permissions? table<string, boolean>  of the token's account
---@field created_at string
---@field pushed_at string
---@field updated_at string

--- The repository itself; nil when there is none.
--- ```lua
--- print(repo:details().default_branch)
--- ```
---@return github.RepositoryDetails?
function Repository:details() end

---@class github.Branch
---@field name string
---@field commit string
---@field is_protected boolean
---@field required_checks string[]  by the branch's protection; see required_checks

--- Lists branches.
---@param options? { is_protected?: boolean, limit?: integer }
---@return github.List|fun(): github.Branch
function Repository:branches(options) end

--- A branch; nil when there is none.
---@param name string
---@return github.Branch?
function Repository:branch(name) end

--- The checks that must succeed before a branch takes a pull request, by its protection and by rulesets; nil when there
--- is no such branch.
---@param branch string
---@return { name: string, app_id?: integer, source: "protection"|"ruleset" }[]?
function Repository:required_checks(branch) end

---@class github.Ruleset
---@field id integer
---@field name string
---@field target? "branch"|"tag"|"push"
---@field enforcement "disabled"|"active"|"evaluate"
---@field source string
---@field source_type? string
---@field created_at? string
---@field updated_at? string

--- Lists rulesets, with those of the organization unless `includes_parents` is false.
---@param options? { includes_parents?: boolean, limit?: integer }
---@return github.List|fun(): github.Ruleset
function Repository:rulesets(options) end

---@class github.BranchRule
---@field type string  "required_status_checks", "pull_request", "deletion" …
---@field parameters? table  as GitHub has them
---@field ruleset_id? integer
---@field source? string

--- Lists the rules that hold for a branch, of all rulesets.
---@param branch string
---@param options? github.ListOptions
---@return github.List|fun(): github.BranchRule
function Repository:branch_rules(branch, options) end

---@class github.Environment
---@field id integer
---@field name string
---@field url string
---@field rules string[]  "wait_timer", "required_reviewers", "branch_policy"
---@field created_at string
---@field updated_at string

--- Lists environments.
---@param options? github.ListOptions
---@return github.List|fun(): github.Environment
function Repository:environments(options) end

---@class github.Variable
---@field name string
---@field value string
---@field created_at string
---@field updated_at string

--- Lists the variables of Actions, or of an environment.
---@param options? { environment?: string, limit?: integer }
---@return github.List|fun(): github.Variable
function Repository:variables(options) end

--- Sets a variable of Actions, or of an environment, and makes it where there is none.
---@param name string
---@param value string
---@param options? { environment?: string }
---@return true
function Repository:set_variable(name, value, options) end

--- Deletes a variable; false when there is none.
---@param name string
---@param options? { environment?: string }
---@return boolean
function Repository:delete_variable(name, options) end

---@class github.Secret
---@field name string
---@field created_at string
---@field updated_at string

--- Lists the secrets of Actions, or of an environment, by name: GitHub gives no values.
---@param options? { environment?: string, limit?: integer }
---@return github.List|fun(): github.Secret
function Repository:secrets(options) end

---@class github.Hook
---@field id integer
---@field name string
---@field is_active boolean
---@field events string[]
---@field url? string
---@field content_type? string
---@field last_status? integer  of the last delivery
---@field last_message? string
---@field created_at string
---@field updated_at string

--- Lists webhooks.
---@param options? github.ListOptions
---@return github.List|fun(): github.Hook
function Repository:hooks(options) end

--- Has GitHub send a ping to a webhook.
---@param id integer
---@return true
function Repository:ping_hook(id) end

--- Deletes a webhook; false when there is none.
---@param id integer
---@return boolean
function Repository:delete_hook(id) end

---@class github.Runner
---@field id integer
---@field name string
---@field os string
---@field status "online"|"offline"
---@field is_busy boolean
---@field labels string[]

--- Lists self-hosted runners.
---@param options? { name?: string, limit?: integer }
---@return github.List|fun(): github.Runner
function Repository:runners(options) end

-- People

---@class github.Team
---@field id integer
---@field slug string
---@field name string
---@field description? string
---@field permission string
---@field url string

--- Lists the teams that have access.
---@param options? github.ListOptions
---@return github.List|fun(): github.Team
function Repository:teams(options) end

--- Lists the logins of a team's members: "team" is of the repository's organization, "organization/team" of another, as
--- CODEOWNERS has it.
---@param team string
---@param options? { role?: "member"|"maintainer"|"all", limit?: integer }
---@return github.List|fun(): string
function Repository:team_members(team, options) end

--- Who owns files, by the file CODEOWNERS: for each path its owners ("@ada", "@octo/team", addresses), none for a path
--- without. The last rule that fits a path counts. nil when there is no CODEOWNERS.
--- ```lua
--- local owners = repo:code_owners({ "src/parser.c" }) or {}
--- print(table.concat(owners["src/parser.c"] or {}, " "))
--- ```
---@param paths string[]
---@param options? { ref?: string }
---@return table<string, string[]>?
function Repository:code_owners(paths, options) end

-- Code scanning

---@class github.SarifOptions
---@field commit string
---@field ref string  "refs/heads/main", "refs/pull/5/merge"
---@field tool? string
---@field checkout_uri? string
---@field started_at? string|number

---@class github.SarifUpload
---@field id string
---@field url string

---@class github.SarifStatus
---@field status "pending"|"complete"|"failed"
---@field analyses_url? string
---@field errors string[]

--- Sends findings to code scanning. They are shown once, however often they are sent. GitHub takes 10 MB, compressed.
---@param sarif string|table  SARIF 2.1.0
---@param options github.SarifOptions
---@return github.SarifUpload
function Repository:upload_sarif(sarif, options) end

--- What became of findings that were sent; nil when GitHub does not know them (yet).
---@param upload string  its id
---@return github.SarifStatus?
function Repository:sarif_upload(upload) end

---@class github.Alert
---@field number integer
---@field state "open"|"dismissed"|"fixed"
---@field rule string
---@field severity? string
---@field security_severity? string
---@field description? string
---@field tool string
---@field message? string
---@field path? string
---@field line? integer
---@field ref? string
---@field commit? string
---@field dismissed_reason? string
---@field dismissed_by? string
---@field dismissed_comment? string
---@field url string
---@field created_at string
---@field updated_at? string
---@field fixed_at? string
---@field dismissed_at? string

---@class github.AlertFilters: github.ListOptions
---@field state? "open"|"dismissed"|"fixed"
---@field tool? string
---@field ref? string
---@field sort? "created"|"number"|"updated"
---@field direction? "asc"|"desc"

--- Lists the alerts of code scanning. Raises `github.forbidden` where it is turned off.
---@param options? github.AlertFilters
---@return github.List|fun(): github.Alert
function Repository:code_scanning_alerts(options) end

--- Dismisses an alert, which needs a reason, or opens it again.
---@param number integer
---@param options { state: "open"|"dismissed", reason?: string, comment?: string }
---@return github.Alert
function Repository:update_code_scanning_alert(number, options) end

-- Projects

---@class github.ProjectItem
---@field id integer
---@field type "Issue"|"PullRequest"|"DraftIssue"
---@field node_id? string

--- Puts an issue or pull request into a project of the repository's owner; gives its item, also when it was there.
---@param project integer  its number
---@param number integer
---@return github.ProjectItem
function Repository:add_project_item(project, number) end

--- Sets fields of a project's item, by the names of the fields and, where they have such, of their options; false
--- clears one.
--- ```lua
--- local item = repo:add_project_item(3, issue.number)
--- repo:update_project_item(3, item.id, { Status = "In progress", Estimate = 5 })
--- ```
---@param project integer
---@param item_id integer
---@param fields table<string, string|number|false>
---@return github.ProjectItem
function Repository:update_project_item(project, item_id, fields) end

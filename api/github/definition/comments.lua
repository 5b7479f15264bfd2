---@meta uhost.github
-- Comments on issues and pull requests.

---@class github.Repository
local Repository = {}

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
--- called; as with `ensure_issue`, a hidden marker tells the purpose, the lowest id stays, and markers of strangers are
--- not believed.
--- ```lua
--- repo:ensure_comment(pull, { marker = "size-report", body = table_of_sizes })
--- ```
---@param number integer
---@param options { marker: string, body: string, cut?: boolean }
---@return github.Comment
---@return "created"|"updated"|"unchanged"
function Repository:ensure_comment(number, options) end

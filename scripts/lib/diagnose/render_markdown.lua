-- For issues, comments and the summary of a workflow's step: GitHub Flavored Markdown.
local document = require("lib.diagnose.document")

local M = {}

---@param result diagnose.Result
---@return string
function M.render(result) return document.whole(result):render("markdown") end

return M

-- One page without scripts or other files, light or dark as the reader has it.
local document = require("lib.diagnose.document")

local M = {}

---@param result diagnose.Result
---@return string
function M.render(result) return document.whole(result):render("html") end

return M

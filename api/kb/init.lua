-- The Lua half of `kb`.
local native = ...

local M = require("uhost.kb.engine").functions(native)

return M

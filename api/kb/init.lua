-- Knowledge bases: files of entries that say what an error in a log means, and the engine that finds them. The engine
-- is native; this half loads the files.
local native = ...

-- For other parts of this half.
package.loaded["uhost.kb.native"] = native

local M = { compile = native.compile }

function M.open(source) return log_text.open(source) end

local known_options = { paths = true, folder = true, cache = true, strict = true, readers = true }

local function checked_options(options)
    if options == nil then return {} end
    local function bad(message)
        uhost.fail("argument", "bad argument 1 (options) to 'kb.load': " .. message,
            { hint = "kb.load{ paths = { \"kb/languages/rust.lua\" } }" })
    end
    if type(options) ~= "table" then bad(("expected a table, got %s"):format(type(options))) end
    for key in pairs(options) do
        if not known_options[key] then bad(("unknown option '%s'"):format(tostring(key))) end
    end
    local paths = options.paths
    if paths ~= nil then
        if type(paths) ~= "table" or #paths == 0 then bad("'paths' has to be a list of files and folders") end
        for _, path in ipairs(paths) do
            if type(path) ~= "string" or path == "" then bad("'paths' has to be a list of files and folders") end
        end
    end
    return options
end

function M.load(options)
    options = checked_options(options)
    local list = require("uhost.kb.files").find(options)
    local files, cached, index = require("uhost.kb.loading").load(list, options)
    local bases = require("uhost.kb.base")
    local base = bases.new(list, files, M, index)
    base.cached = cached
    if options.strict then bases.raise_problem(base) else bases.warn_of_problems(base) end
    return base
end

return M

-- The same tests for every engine of the store.
local postgres = require("support.postgres")

local M = {}

local server

---@class support.Engine
---@field name string
---@field place fun(folder: string): string  the address of a new, empty database that may be opened several times
---@field open fun(options?: table): db.Connection  a new, empty database
---@field missing fun(): string?  why it is not here

local sqlite = { name = "SQLite", missing = function() end }
function sqlite.open(options) return db.open(":memory:", options) end
local places = 0
function sqlite.place(folder)
    places = places + 1
    return ("%s/%d.sqlite"):format(folder, places)
end

local postgresql = { name = "PostgreSQL", missing = postgres.missing }
local function running()
    server = server or postgres.start()
    return server
end
function postgresql.open(options) return db.open(running():fresh(), options) end
function postgresql.place() return running():fresh() end

--- Declares tests for each engine: `body(engine, it)`, with an `it` that leaves out what cannot run here.
---@param body fun(engine: support.Engine, it: function)
function M.each(body)
    local spec = getfenv(body)  -- where the test runner put its words
    for _, engine in ipairs({ sqlite, postgresql }) do
        spec.describe(engine.name .. ":", function()
            spec.lazy_teardown(function()
                if server then server:close() end
                server = nil
            end)
            body(engine, function(name, test)
                spec.it(name, function()
                    local why = engine.missing()
                    if why then return spec.pending(why) end
                    return test()
                end)
            end)
        end)
    end
end

--- The server of the tests of this file, for what is of PostgreSQL alone.
M.server = running

return M

-- uhost test: runs busted specs inside the host.
local command_line = require("lib.command_line")
local runner = require("lib.spec_runner")

local parser = command_line.parser("test", "Run busted specs (*_spec.lua) inside the host.", {
    "uhost test tests/lua --filter 'task.*cancel'",
})
parser:argument("paths", "Files or folders (default: tests/lua)."):args("*")
parser:option("-f --filter", "Only specs whose full name matches this Lua pattern.")
parser:flag("--verbose", "Print every spec as it ends.")
local options = parser:parse()
if #options.paths == 0 then options.paths = { "tests/lua" } end

local totals = runner.run(options.paths, {
    filter = options.filter,
    on_spec = function(status, name)
        if options.verbose then print(("%-8s %s"):format(status, name)) end
    end,
})

if totals.passed + totals.failed + totals.skipped == 0 then
    uhost.fail("usage", "no spec was found in " .. table.concat(options.paths, ", ")
        .. (options.filter and (" that matches '%s'"):format(options.filter) or ""),
        { hint = "specs are files named *_spec.lua; a filter is a Lua pattern, where | is no alternative" })
end
for _, failure in ipairs(totals.failures) do
    print(("FAILED %s\n  at %s\n  %s\n"):format(failure.name, failure.place, (failure.message:gsub("\n", "\n  "))))
end
for _, skip in ipairs(totals.skips) do
    print(("skipped %s: %s"):format(skip.name, skip.message))
end
print(("%d passed, %d failed, %d skipped"):format(totals.passed, totals.failed, totals.skipped))
return totals.failed > 0 and 1 or 0

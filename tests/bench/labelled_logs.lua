-- The labelled logs beside the project (../shared/data/README.md), unpacked into a temporary folder for those who ask
-- what is read out of them. Where they are absent, a message says so and there are none.
local M = {}

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local data = fs.join(here, "../../../shared/data")

---@class bench.LabelledLog
---@field path string  where it is unpacked
---@field number integer  the number in its name
---@field ci string  the CI system that it is from
---@field expect table  the labels

local function unpacked(folder)
    local archive = fs.join(data, "ci_logs_dev.tar.xz")
    process.run({ "tar", "-xJf", archive, "-C", folder, check = true })
end

--- The logs of one kind (`chunk`, `failed_tests`, `diagnostics`), in the order of their numbers, and the folder that
--- they are in, to be closed at the end.
---@param kind string
---@return bench.LabelledLog[] logs, fs.TempFolder? folder
function M.of_kind(kind)
    local labels = fs.join(data, "ci_logs_dev.jsonl")
    if not fs.exists(labels) then
        io.stderr:write("skipped: the labelled logs are not there (", labels, ")\n")
        return {}
    end
    local folder, logs = fs.temp_dir(), {}
    unpacked(folder:path())
    for line in fs.lines(labels) do
        local row = json.decode(line)
        if row.kind == kind then
            logs[#logs + 1] = {
                path = fs.join(folder:path(), row.log),
                number = tonumber(row.log:match("(%d+)%.%w+$")),
                ci = row.ci,
                expect = row.expect,
                row = row,
            }
        end
    end
    table.sort(logs, function(a, b) return a.number < b.number end)
    return logs, folder
end

--- The repository that was cloned, which keeps logs of different projects apart.
---@param log log_text.Log
---@return string
function M.project_of(log)
    for _, line in ipairs(log:lines(1, 2000)) do
        local name = line:match("git clone .*github%.com[/:]([%w_.-]+/[%w_.-]+)")
        if name then return name end
    end
    return "unknown"
end

--- Prints a row of the bench's table for a share: what was found of what a person marked.
---@param what string
---@param found integer
---@param of integer
---@param target? string
function M.print_share(what, found, of, target)
    local share = of > 0 and ("%.1f %%"):format(100 * found / of) or "-"
    print(("%s\t%s\t%d of %d\t-\t%s\t-"):format(what, share, found, of, target or "-"))
end

return M

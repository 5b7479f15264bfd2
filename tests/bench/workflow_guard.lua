-- Measures the guard on 1,000 workflow files: all of them new, so that each is read and checked, beside GitHub's own
-- parser; and all of them the same on both sides but for one, as in most changes.
--
-- Prints: name, ours, the peer's, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/../../scripts/?.lua;%s"):format(here, package.path)
local guard = require("lib.workflow_guard.guard")

local count = 1000
local data = fs.join(here, "../../../shared/data/workflow_pairs_dev.tar.xz")
local peers = fs.join(here, "../e2e/peers")
if not fs.exists(data) then
    log.warn("workflow_guard: skipped, there is no ../shared/data")
    return 0
end

local function row(name, ours, peer, target, same)
    print(("%s\t%.3f\t%.3f\t%.3f\t%s\t%s"):format(name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

local function read_texts()
    local texts, folder = {}, fs.temp_dir()
    process.run({ "tar", "xf", data, "-C", folder:path(), check = true })
    for path in fs.walk(folder:path()) do
        if path:find("%.yml$") then texts[#texts + 1] = fs.read(path) end
    end
    folder:close()
    return texts
end

local function seconds_of(body)
    local started = time.monotonic()
    local result = body()
    return time.monotonic() - started, result
end

local parsing = [[
    import { readdirSync, readFileSync } from "node:fs";
    import { commands } from "%s/yaml.mjs";
    const folder = process.argv[1], names = readdirSync(folder), started = process.hrtime.bigint();
    let valid = 0;
    for (const name of names) valid += commands(readFileSync(`${folder}/${name}`, "utf8"))[0].errors === 0 ? 1 : 0;
    console.log(Number(process.hrtime.bigint() - started) / 1e9, valid);
]]

local texts, files, changed = read_texts(), {}, {}
local folder = fs.temp_dir()
for i = 1, count do
    local text = ("%s\n# file %d\n"):format(texts[(i - 1) % #texts + 1], i)  -- no two of them are the same
    files[i] = { path = (".github/workflows/w%04d.yml"):format(i), text = text }
    changed[i] = i > 1 and files[i] or { path = files[i].path, text = text .. "# changed\n" }
    fs.write(("%s/w%04d.yml"):format(folder:path(), i), text)
end
local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
local all_s, result = seconds_of(function() return guard.compare({}, files, rules) end)
local invalid = 0
for _, finding in ipairs(result.findings) do invalid = invalid + (finding.rule == "invalid_workflow" and 1 or 0) end
row("1,000 workflow files, all new: seconds", all_s, 1, "<= 1.00", invalid == 0)
if fs.exists(peers .. "/node_modules") then
    local peer = process.run({ "node", "--input-type=module", "-e", parsing:format(fs.absolute(peers)), folder:path(),
        check = true }).stdout
    local seconds, valid = peer:match("^(%S+) (%d+)")
    row("- beside the reading alone by GitHub's own parser", all_s, tonumber(seconds), "<= 1.00",
        tonumber(valid) == count)
end
local one_s, of_one = seconds_of(function() return guard.compare(files, changed, rules) end)
row("1,000 workflow files, one of them changed: seconds", one_s, 1, "<= 1.00", #of_one.findings == 0)
folder:close()

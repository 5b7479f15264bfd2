-- Measures the tools for those who write rules: `uhost check` of 1,000 rule files beside luacheck on the same files,
-- and how long after a save `uhost test --watch` has the result, beside running that one file's examples by hand.
-- UHOST names the binary.
--
-- Prints: name, ours, the peer's, ratio, target, same answer; separated by tabs.
local uhost_binary = os.getenv("UHOST") or "uhost"
local files, faulty_every, saves = 1000, 50, 15

local rule = [[
-- Which team reviews a change.
local M = {}

M.rules = {
    { id = "docs", match = [=[^docs/.*\.(?:md|rst)$]=], team = "docs-team" },
    { id = "ci", match = [=[^\.github/workflows/[\w-]+\.ya?ml$]=], team = "ci-team" },
    { id = "number_%d", match = [=[^src/module_%d/(?<part>\w+)/]=], team = "team-%d" },
}

--- The team of a path.
function M.team_of(path)
    if path:find("^docs/") then
        return "docs-team", "everything in docs/"
    end
    return "team-%d", "the rest"
end

M.examples = {
    { call = "team_of", with = { "docs/index.md" }, gives = "docs-team" },
    { call = "team_of", with = { "src/a.c" }, gives = "team-%d" },
}

return M
]]

local function row(name, ours, peer, target, same)
    print(("%s\t%.6f\t%.6f\t%.2f\t%s\t%s"):format(name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

local function timed(command)
    local begin = time.monotonic()
    local result = process.run(command)
    return time.monotonic() - begin, result
end

local function write_rules(folder)
    fs.mkdir(folder .. "/policies")
    for i = 1, files do
        local source = rule:gsub("%%d", tostring(i))
        if i % faulty_every == 0 then source = source:gsub("return \"team", "retrun \"team") end
        fs.write(("%s/policies/rules_%04d.lua"):format(folder, i), source)
    end
end

-- The files that each finds a syntax error in.
local function faulty_files(result, pattern)
    local found = {}
    for file in result.stdout:gmatch(pattern) do found[#found + 1] = file end
    table.sort(found)
    return table.concat(found, " ")
end

local function measure_check(folder)
    write_rules(folder)
    local ours, output = timed({ uhost_binary, "check", "policies", cwd = folder })
    local peer, luacheck = timed({ "luacheck", "--no-color", "--formatter", "plain", "policies", cwd = folder })
    local same = faulty_files(output, "(rules_%d+)%.lua:%d+:%d+: error: [^\n]+%[syntax%]")
    row(("uhost check of %d rule files, beside luacheck (s)"):format(files), ours, peer, "-",
        same ~= "" and same == faulty_files(luacheck, "(rules_%d+)%.lua:%d+:%d+: expected"))
end

local function read_until(child, pattern)
    local text = ""
    for line in function() return child:read_line() end do
        text = text .. line .. "\n"
        if line:find(pattern) then return text end
    end
    error("the watch ended: " .. text)
end

local function measure_watch(folder)
    local source = rule:gsub("%%d", "1")
    local file = folder .. "/policies/one.lua"
    fs.mkdir(folder .. "/policies")
    fs.write(file, source)
    local alone, by_hand = {}, nil
    for i = 1, saves do alone[i], by_hand = timed({ uhost_binary, "test", "policies/one.lua", cwd = folder }) end
    local child, taken, output = process.start({ uhost_binary, "test", "--watch", "policies", cwd = folder }), {}, nil
    read_until(child, "^watching;")
    for i = 1, saves do
        local begin = time.monotonic()
        fs.write(file, source .. ("-- %d\n"):format(i))
        output = read_until(child, " passed")
        taken[i] = time.monotonic() - begin
        read_until(child, "^watching;")
    end
    child:kill("INT")
    child:wait()
    table.sort(alone)
    table.sort(taken)
    local middle = math.ceil(saves / 2)
    row("from a save to the result of --watch, beside uhost test by hand (s)", taken[middle], alone[middle], "< 0.2 s",
        output:match("%d+ passed, %d+ failed") == by_hand.stdout:match("%d+ passed, %d+ failed"))
end

for _, measure in ipairs({ measure_check, measure_watch }) do
    local folder = fs.temp_dir()
    task.finally(function() measure(folder:path()) end, function() folder:close() end)
end

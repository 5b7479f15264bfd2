-- What luacheck and the compilers accept, and the project does not.
local source_root = os.getenv("UHOST_SOURCE")

local rules = {
    {
        name = "calls `require` with parentheses", files = "%.lua$",
        patterns = { "=%s*require%s*[\"'{%[]", "^%s*require%s*[\"'{%[]" },
    },
    {
        name = "leaves the internal modules of a primitive to it", files = "/scripts/.*%.lua$",
        patterns = { "[\"']uhost%.[%w_]+%.internal" },
    },
    { name = "has no `return void(…)`", files = "%.[ch]pp$", patterns = { "return void%(" } },
    {
        name = "has no statement made of two by a comma", files = "%.[ch]pp$",
        patterns = {
            "^%s+[%w_.>%-:]+%b(), [%w_.>%-:]+%b();$", "^%s+if %b() [%w_.>%-:]+%b(), [%w_.>%-:]+%b();$",
            "^%s+[%w_.>%-%[%]]+ [+%-]?= [^,({]+, [%w_.>%-%[%]]+ [+%-]?= .+;$",
        },
    },
}

local function breaches(rule)
    local found = {}
    for path, type in fs.walk(source_root, { skip = { ".git", "build", "node_modules" } }) do
        if type == "file" and path:find(rule.files) then
            local number = 0
            for line in (fs.read(path) .. "\n"):gmatch("(.-)\n") do
                number = number + 1
                for _, pattern in ipairs(rule.patterns) do
                    if line:find(pattern) then found[#found + 1] = ("%s:%d: %s"):format(path, number, line) end
                end
            end
        end
    end
    return found
end

describe("the source", function()
    for _, rule in ipairs(rules) do
        it(rule.name, function()
            if not source_root then return pending("UHOST_SOURCE names no checkout") end
            assert.same({}, breaches(rule))
        end)
    end
end)

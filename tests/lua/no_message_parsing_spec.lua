-- No code looks for anything in the words of an error: they are for people, and change. What programs need is in `kind`
-- and `details`. The interpreter's own errors, and those of libraries that give text alone, are the exceptions below.

local allowed = {
    ["host/lua/errors.cpp"] = "the interpreter puts the position into the text",
    ["host/core/excerpt.cpp"] = "the interpreter quotes the name that an error is about; the caret goes there",
    ["host/sandbox/worker/session.cpp"] = "the interpreter puts the position into the text",
    ["api/git/libgit2.hpp"] = "libgit2 has one code for many failures",
    ["api/git/remote/conversation.cpp"] = "libgit2 puts the status of a refusal into the text",
    ["api/http/failure.cpp"] = "libcurl has one code for many failures",
    ["scripts/lib/check/source.lua"] = "the interpreter says near which token it failed",
    ["scripts/lib/command_line.lua"] = "argparse puts its suggestion into the text",
    ["scripts/lib/test/examples.lua"] = "shows the place of a failure once, not what it means",
    ["api/kb/base.lua"] = "shows the file of a problem once, not what it means",
}

-- Names of errors, and what reads their words.
local errors = "[%w_.]*%f[%w_]"
local patterns = {
    lua = {
        "raised%.message:g?[mfs][aiu][tnb]", "err%.message:[mfg]", "failure%.message:[mfg]", "problem%.message:[mfg]",
        errors .. "hint:[mfg]%a+%(", "%.hint or \"\"%):[mfg]", "tostring%(err[%w_]*%.?m?e?s?s?a?g?e?%):[mfg]",
        "compiled%.message:[mfg]", "%.message [=~]= [\"'][^\"']", "%.hint [=~]= [\"'][^\"']",
        "[^%w_]message:match%(\"%^?[^\"]*\\?n?Did",
        "M%.cause%(raised%):g", "[^%w_.]message:match%(\"near ", "[^%w_.]message:sub%(1, #",
    },
    cpp = {
        "message%(%)%.r?find", "message%(%)%.starts_with", "message%(%)%.ends_with", "message%(%) ?[=!]=",
        "what%(%)%)?%.find", "hint%(%)%.r?find", "hint%(%) ?[=!]= ?\"",
        "message%.find%([^']", "message%.find%('\\'", "strstr%([%w_.>()-]*what",
    },
}
patterns.hpp = patterns.cpp

local function reads_words(line, list)
    for _, pattern in ipairs(list) do
        if line:find(pattern) then return true end
    end
    return false
end

describe("no code", function()
    it("looks for anything in a message or a hint", function()
        local root = os.getenv("UHOST_SOURCE") or "."
        local found = {}
        for _, folder in ipairs({ "host", "api", "scripts" }) do
            for path, kind in fs.walk(fs.join(root, folder)) do
                local list = kind == "file" and patterns[path:match("%.(%a+)$") or ""]
                local name = path:sub(#root + 2)
                if list then
                    local number = 0
                    for line in fs.lines(path) do
                        number = number + 1
                        if reads_words(line, list) then found[name] = ("%s:%d: %s"):format(name, number, line) end
                    end
                end
            end
        end
        local wrong = {}
        for name, place in pairs(found) do
            if not allowed[name] then wrong[#wrong + 1] = "it reads the words of an error: " .. place end
        end
        for name in pairs(allowed) do
            if not found[name] then wrong[#wrong + 1] = name .. " reads no words any more: take it off the list" end
        end
        assert.equal("", table.concat(wrong, "\n"))
    end)

    it("is overlooked", function()
        for _, line in ipairs({
            'if raised.message:find("already_exists", 1, true) then',
            'local name = err.message:match("^(.*) is damaged$")',
            'if (problem.hint or ""):find("^did you mean") then', 'if err.message == "not found" then',
        }) do
            assert.is_true(reads_words(line, patterns.lua), line)
        end
        for _, line in ipairs({
            'if (error.message().find("locked") != npos)', 'if (error.hint() == "x")', 'message.find("near")',
        }) do
            assert.is_true(reads_words(line, patterns.cpp), line)
        end
    end)
end)

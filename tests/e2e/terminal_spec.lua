-- What a person at a terminal gets: colours where the terminal has them, and long texts in a pager. The terminal is a
-- pseudo-terminal.

local function at_terminal(arguments, env)
    local command = { "/proc/self/exe", unpack(arguments) }
    command.terminal, command.env, command.timeout_s = true, env, 60
    return process.run(command).stdout:gsub("\r\n", "\n")
end

local colourful = [[
print(term.style("styled", "red"))
print(term.link("linked", "https://example.org/"))
log.warn("warned")
local bar = term.progress({ title = "working", total = 2 })
bar:advance()
bar:finish()
error("failed")]]

describe("a terminal", function()
    it("that is dumb gets no control sequences", function()
        local shown = at_terminal({ "-e", colourful }, { TERM = "dumb" })
        for _, word in ipairs({ "styled", "linked", "warned", "failed" }) do assert.matches(word, shown, 1, true) end
        assert.is_nil(shown:find("\27", 1, true), shown)
    end)

    it("that has colours gets them, unless NO_COLOR is set", function()
        assert.matches("\27[31mstyled\27[0m", at_terminal({ "-e", colourful }, { TERM = "xterm" }), 1, true)
        local plain = at_terminal({ "-e", 'print(term.style("styled", "red"))' }, { TERM = "xterm", NO_COLOR = "1" })
        assert.equal("styled\n", plain)
    end)
end)

describe("uhost help", function()
    local marking = "sed 's/^/page: /'"

    it("shows a long text in the pager of a terminal", function()
        assert.matches("^page: ", at_terminal({ "help", "git" }, { TERM = "xterm", PAGER = marking }))
        assert.not_matches("page: ", at_terminal({ "help", "time.iso" }, { TERM = "xterm", PAGER = marking }))
    end)

    it("prints it where there is no pager, or it fails, or nobody looks", function()
        for _, pager in ipairs({ "", "cat", "false", "no-such-pager" }) do
            local shown = at_terminal({ "help", "git" }, { TERM = "dumb", PAGER = pager })
            assert.matches("git.open", shown, 1, true)
        end
        local result = process.run({ "/proc/self/exe", "help", "git", env = { PAGER = marking } })
        assert.matches("git.open", result.stdout, 1, true)
        assert.not_matches("page: ", result.stdout)
    end)
end)

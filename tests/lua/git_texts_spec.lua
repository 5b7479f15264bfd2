-- Texts merged and compared without a repository, beside what git says of the same.
local servers = require("support.servers")

local function git_merge_file(base, ours, theirs, ...)
    local options, result = { ... }, nil
    servers.in_folder(function(folder)
        local texts = { base = base, ours = ours, theirs = theirs }
        for name, text in pairs(texts) do fs.write(folder .. "/" .. name, text) end
        local command = { "git", "merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", cwd = folder }
        for _, option in ipairs(options) do command[#command + 1] = option end
        for _, name in ipairs{ "ours", "base", "theirs" } do command[#command + 1] = name end
        result = process.run(command)
    end)
    return result.stdout, result.code == 0
end

local cases = {
    { "a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n" },
    { "a\nb\nc\n", "a\nB\nc\n", "a\nx\nc\n" },
    { "", "one\n", "two\n" },
    { "a\nb\n", "a\n", "a\nB\n" },
    { "a\r\nb\r\n", "a\r\nB\r\n", "a\r\nx\r\n" },
}

describe("git.merge_file", function()
    it("merges as git merge-file does, in every style", function()
        for i, case in ipairs(cases) do
            for _, style in ipairs{ "merge", "diff3" } do
                local options = style == "diff3" and { "--diff3" } or {}
                local text, clean = git_merge_file(case[1], case[2], case[3], unpack(options))
                local merged = git.merge_file{ base = case[1], ours = case[2], theirs = case[3], style = style }
                assert.same({ text, clean }, { merged.text, merged.clean }, i .. style)
            end
            local text = git_merge_file(case[1], case[2], case[3], "--union")
            assert.equal(text, git.merge_file{ base = case[1], ours = case[2], theirs = case[3],
                favor = "union" }.text, i)
        end
    end)

    it("writes markers of the length and with the labels asked", function()
        local merged = git.merge_file{ base = "a\n", ours = "b\n", theirs = "c\n", marker_size = 9, style = "diff3",
            base_label = "v1", ours_label = "main", theirs_label = "topic" }
        assert.equal("<<<<<<<<< main\nb\n||||||||| v1\na\n=========\nc\n>>>>>>>>> topic\n", merged.text)
    end)

    it("refuses what it cannot use", function()
        for _, options in ipairs{ { ours = "a" }, { ours = "a", theirs = "b", style = "zdiff4" },
            { ours = "a", theirs = "b", favor = "ours" }, { ours = "a", theirs = "b", marker_size = 0 },
            { ours = "a", theirs = "b", other = 1 } } do
            local ok, raised = pcall(git.merge_file, options)
            assert.same({ false, "argument" }, { ok, raised.kind })
        end
    end)
end)

describe("git.compare_texts", function()
    it("says which lines became which, as git counts them", function()
        assert.same({ { old_start = 2, old_lines = 1, new_start = 2, new_lines = 2 } },
            git.compare_texts("a\nb\nc\n", "a\nx\ny\nc\n"))
        assert.same({ { old_start = 0, old_lines = 0, new_start = 1, new_lines = 1 } }, git.compare_texts("", "a\n"))
        assert.same({ { old_start = 3, old_lines = 1, new_start = 2, new_lines = 0 } },
            git.compare_texts("a\nb\nc\n", "a\nb\n"))
        assert.same({}, git.compare_texts("same\n", "same\n"))
    end)

    it("compares the items of lists, whatever is in them", function()
        assert.same({ { old_start = 2, old_lines = 1, new_start = 1, new_lines = 0 } },
            git.compare_texts({ "a", "b\n", "\n" }, { "a", "\n" }))
    end)
end)

-- The command line of `uhost diagnose`.
local arguments = require("lib.diagnose.arguments")

local function read(...) return arguments.read({ ... }) end

local function failure_of(...)
    local ok, failure = pcall(read, ...)
    assert.is_false(ok)
    assert.equal("usage", failure.kind)
    assert.is_string(failure.hint)
    return failure.message
end

describe("the command line of diagnose", function()
    it("takes logs and says how to report them", function()
        assert.same({ logs = { "a.log", "-" }, format = "text", context = 3, store = true }, read("a.log", "-"))
        local options = read("a.log", "--output", "x.md", "--context", "0", "--no-store")
        assert.same({ "markdown", "x.md", 0, false },
            { options.format, options.output, options.context, options.store })
        assert.equal("sarif", read("a.log", "--output", "x.sarif").format)
        assert.equal("json", read("a.log", "--output", "x.sarif", "--format", "json").format)
        assert.equal("text", read("a.log", "--output", "x.csv").format)
    end)

    it("takes knowledge bases, one after the other or several at once, and never a log for one", function()
        local folder = fs.temp_dir()
        local one, two = folder:path() .. "/one.lua", folder:path() .. "/two.lua"
        fs.write(one, "")
        fs.write(two, "")
        for _, given in ipairs({
            { "a.log", "--kb", one, two }, { "--kb", one, two, "a.log" }, { "--kb", one, "--kb", two, "a.log" },
            { "--kb", one, "a.log", "--kb", two },
        }) do
            local options = arguments.read(given)
            assert.same({ "a.log" }, options.logs)
            assert.same({ one, two }, options.kb)
        end
        assert.same({ folder:path() }, read("--kb", folder:path(), "-").kb)
        assert.matches("neither a folder nor a file", failure_of("--kb", "a.log", "b.log"))
        folder:close()
    end)

    it("takes runs and jobs by number and by the address of their pages", function()
        local page = "https://github.com/o/n/actions/runs/12"
        for _, case in ipairs({
            { { "--run", "12", "--github", "o/n" }, 12, nil }, { { page }, 12, nil }, { { page .. "/attempts/2" }, 12 },
            { { page .. "/job/34?pr=1#step:3:4" }, nil, 34 }, { { "--job", page .. "/job/34" }, nil, 34 },
            { { "https://github.example/o/n/runs/34" }, nil, 34 }, { { "--run", page }, 12, nil },
        }) do
            local options = arguments.read(case[1])
            assert.equal(case[2], options.run)
            assert.equal(case[3], options.job)
            assert.equal("o/n", options.github)
        end
        assert.equal("rust-lang/rust", read("--run", "1", "--github", "https://github.com/rust-lang/rust.git").github)
    end)

    it("takes a green log to compare with", function()
        assert.equal("green.log", read("a.log", "--compare", "green.log").compare)
        assert.is_true(read("--job", "3", "--github", "o/n", "--compare").compare)
    end)

    it("refuses what makes no sense", function()
        for _, case in ipairs({
            { "no log given" }, { "is not a number", "--job", "x" }, { "is not a number", "--run", ("1"):rep(30) },
            { "exclude each other", "a.log", "--job", "3" }, { "needs a green log", "a.log", "--compare" },
            { "not OWNER/NAME", "--run", "3", "--github", "o" }, { "number of lines", "a.log", "--context", "1e9" },
            { "one log only", "-", "-" }, { "one log only", "-", "--compare", "-" }, { "there is no none.lua",
                "a.log", "--kb", "none.lua" }, { "by itself", "a.log", "https://github.com/o/n/actions/runs/12" },
            { "format", "a.log", "--format", "pdf" },
        }) do
            local given = {}
            for i = 2, #case do given[i - 1] = case[i] end
            assert.is_truthy(failure_of(unpack(given)):find(case[1], 1, true), case[1])
        end
    end)
end)

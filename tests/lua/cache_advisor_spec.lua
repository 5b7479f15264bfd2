-- What `uhost cache_advisor` says of caches: each mistake beside what only looks like it.
local expect = require("support.expect")
local scaffolds = require("support.scaffolds")

local proposals_of, rules
setup(function()
    proposals_of = require("lib.cache_advisor.proposals")
    rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
end)

local files = { "Cargo.lock", "src/main.rs", "package-lock.json", "requirements.txt", "go.sum", "main.go" }

local function advise(text, more)
    local world = { workflows = { { path = ".github/workflows/ci.yml", text = text } }, files = files,
        read = function() return nil end }
    for key, value in pairs(more or {}) do world[key] = value end
    return proposals_of.advise(world, rules)
end

-- The rules that a workflow breaks, sorted.
local function broken(text, more)
    local list = {}
    for _, proposal in ipairs((advise(text, more))) do
        for _, problem in ipairs(proposal.problems) do list[#list + 1] = problem.rule end
    end
    table.sort(list)
    return table.concat(list, " ")
end

local function job(steps, runs_on, more)
    return "on: push\njobs:\n  test:\n    runs-on: " .. (runs_on or "ubuntu-24.04") .. "\n" .. (more or "")
        .. "    steps:\n" .. steps
end

local function cache(path, key, more)
    local step = "      - uses: actions/cache@v5\n        with:\n          path: %s\n          key: %s\n%s"
    return step:format(path, key, more or "")
end

local three_systems = "    strategy:\n      matrix:\n        os: [ubuntu-24.04, macos-15, windows-2025]\n"
local on_matrix = "${{ matrix.os }}"
local restore = "          restore-keys: v1-pip-\n"
local good = cache("~/.cache/pip", "v1-pip-${{ hashFiles('requirements.txt') }}", restore)

describe("a key", function()
    local function of(key, more, path) return broken(job(cache(path or "~/.cache/pip", key, more))) end

    it("is fine with a version, a lock file's hash and prefixes", function() assert.equal("", broken(job(good))) end)

    it("without the lock file is restored for ever", function()
        assert.equal("key_without_lockfile no_restore_keys", of("v1-pip"))
        assert.equal("", of("v1-tool-1.2.3", nil, "~/tool"))
    end)

    it("without restore-keys starts from nothing", function()
        assert.equal("no_restore_keys", of("v1-pip-${{ hashFiles('requirements.txt') }}"))
    end)

    it("of a commit or run never hits, unless something goes on from it", function()
        assert.equal("key_never_hits", of("v1-pip-${{ github.sha }}"))
        assert.equal("key_never_hits", of("v1-x-${{ github.run_id }}", nil, "out"))
        assert.equal("", of("v1-pip-${{ github.sha }}", restore))
    end)

    it("of a run hands something to the next job", function()
        local two = job(cache("out", "v1-${{ github.run_id }}")):gsub("  test:.*$", function(text)
            return text .. (text:gsub("test:", "next:"))
        end)
        assert.equal("", broken(two))
    end)

    it("without a version cannot be left behind", function()
        assert.equal("key_without_version", of("pip-${{ hashFiles('requirements.txt') }}",
            "          restore-keys: pip-\n"))
        assert.equal("", of("${{ env.CACHE_VERSION }}-pip-${{ hashFiles('requirements.txt') }}",
            "          restore-keys: ${{ env.CACHE_VERSION }}-pip-\n"))
    end)

    it("of several systems names the system", function()
        local function on_three(key)
            return broken(job(cache("target", key, "          restore-keys: v1-\n"), on_matrix, three_systems))
        end
        assert.equal("key_without_system", on_three("v1-${{ hashFiles('Cargo.lock', '**/*.rs') }}"))
        assert.equal("", on_three("v1-${{ runner.os }}-${{ hashFiles('Cargo.lock', '**/*.rs') }}"))
        assert.equal("", on_three("v1-${{ matrix.os }}-${{ hashFiles('Cargo.lock', '**/*.rs') }}"))
    end)

    it("of build outputs follows the sources", function()
        local prefix = "          restore-keys: v1-\n"
        assert.equal("build_without_content", of("v1-${{ hashFiles('Cargo.lock') }}", prefix, "target"))
        assert.equal("", of("v1-${{ hashFiles('Cargo.lock', 'src/**/*.rs') }}", prefix, "target"))
        assert.equal("", of("v1-${{ github.sha }}", prefix, "target"))
    end)

    it("hashes files that there are", function()
        assert.equal("hash_of_nothing", of("v1-pip-${{ hashFiles('poetry.lock') }}", restore))
        local checkout = "      - uses: actions/checkout@v6\n        with: { repository: a/b, path: other }\n"
        assert.equal("", broken(job(checkout .. cache("x", "v1-${{ hashFiles('other/**') }}",
            "          restore-keys: v1-\n"))))
    end)
end)

describe("a path", function()
    it("of another system caches nothing", function()
        local function on(system)
            return broken(job(cache("~/Library/Caches/pip", "v1-pip-${{ hashFiles('requirements.txt') }}", restore),
                system))
        end
        assert.equal("path_of_other_system", on("ubuntu-24.04"))
        assert.equal("", on("macos-15"))
    end)

    it("counts on the systems that its step runs on", function()
        local step = cache("~/Library/Caches/pip", "v1-pip-${{ runner.os }}-${{ hashFiles('requirements.txt') }}",
            "          restore-keys: v1-pip-\n        if: runner.os == 'macOS'\n")
        assert.equal("", broken(job(step, on_matrix, three_systems)))
    end)
end)

describe("a layer", function()
    it("is missed where something is fetched or built", function()
        assert.equal("layer_missing", broken(job("      - run: npm ci\n")))
        assert.equal("layer_missing", broken(job("      - run: cargo test\n")))
        assert.equal("layer_missing", broken(job("      - run: pip install -r requirements.txt\n")))
    end)

    it("is not missed for a program by itself, a lock file that is not there, or a runner of one's own", function()
        assert.equal("", broken(job("      - run: pip install codespell\n")))
        assert.equal("", broken(job("      - run: npm install -g npm\n")))
        assert.equal("", broken(job("      - run: cargo install cargo-audit\n")))
        assert.equal("", broken(job("      - run: npm ci\n"), { files = { "package.json" } }))
        assert.equal("", broken(job("      - run: npm ci\n", "[self-hosted, linux]")))
    end)

    it("is there by an action that caches", function()
        for uses, run in pairs({
            ["Swatinem/rust-cache@v2"] = "cargo test", ["actions/setup-go@v6"] = "go test ./...",
            ["actions/setup-node@v6\n        with: { cache: npm }"] = "npm ci",
            ["actions/setup-python@v6\n        with: { cache: pip }"] = "pip install -r requirements.txt",
        }) do
            assert.equal("", broken(job(("      - uses: %s\n      - run: %s\n"):format(uses, run))), uses)
        end
        assert.equal("layer_missing", broken(job("      - uses: actions/setup-go@v3\n      - run: go test ./...\n")))
        assert.equal("layer_missing", broken(job("      - uses: actions/setup-go@v6\n        with: { cache: false }\n"
            .. "      - run: go vet ./...\n")))
    end)

    it("of an image is missed where BuildKit has no cache", function()
        local build = "      - uses: docker/build-push-action@v6\n        with:\n          context: .\n"
        assert.equal("layer_missing", broken(job(build)))
        assert.equal("layer_missing", broken(job("      - uses: docker/build-push-action@v6\n")))
        assert.equal("", broken(job(build .. "          cache-from: type=registry,ref=r\n")))
        assert.equal("", broken(job(build .. "          no-cache: true\n")))
    end)

    it("is there by a composite action of the repository", function()
        local action = "runs:\n  using: composite\n  steps:\n" .. cache("~/.npm", "v1-${{ hashFiles('*.json') }}",
            "          restore-keys: v1-\n")
        local steps = "      - uses: ./.github/actions/cache\n      - run: npm ci\n"
        assert.equal("", broken(job(steps), { read = function(path)
            return path == ".github/actions/cache/action.yml" and action or nil
        end }))
        assert.equal("layer_missing", broken(job(steps)))
    end)
end)

describe("the patches", function()
    -- The text after `git apply` of all proposals, which is that of the patch as a whole.
    local function applied(text)
        local _, changed = advise(text)
        return expect.in_folder({ [".github/workflows/ci.yml"] = text }, function(folder)
            local diff = require("lib.unified_diff").of(changed[1].path, text, changed[1].after)
            fs.write(folder .. "/p", diff)
            process.run({ "git", "apply", "p", cwd = folder, check = true })
            return fs.read(folder .. "/.github/workflows/ci.yml")
        end)
    end

    it("leave nothing to improve, and everything else as it was", function()
        local text = job("      # ours\n      - uses: actions/setup-node@v6 # node\n      - run: npm ci\n"
            .. cache("target # outputs", "cargo-${{ hashFiles('Cargo.lock') }}") .. "      - run: cargo test\n"
            .. "      - run: go test ./...\n      - uses: docker/build-push-action@v6\n", on_matrix, three_systems)
        local after = applied(text)
        assert.equal("", broken(after))
        for _, kept in ipairs({ "# ours", "# node", "# outputs" }) do assert.matches(kept, after, 1, true) end
        local guard = require("lib.workflow_guard.guard")
        local function file(content) return { { path = "a.yml", text = content } } end
        assert.same({}, guard.compare(file(text), file(after), rules).findings)
    end)

    it("change a key in all steps that share it, and give a save no prefixes", function()
        local text = job("      - uses: actions/cache/restore@v5\n        with:\n          path: ~/.npm\n"
            .. "          key: npm\n      - run: npm ci\n      - uses: actions/cache/save@v5\n        with:\n"
            .. "          path: ~/.npm\n          key: npm\n")
        local steps = yaml.decode(applied(text)).jobs.test.steps
        assert.equal(steps[1].with.key, steps[3].with.key)
        assert.matches("^v1%-npm%-%${{ hashFiles", steps[1].with.key)
        assert.matches("^v1%-npm%-", steps[1].with["restore-keys"])
        assert.is_nil(steps[3].with["restore-keys"])
    end)
end)

describe("the cost", function()
    local function history(steps)
        local made = { basis = "made up", weeks = 2, jobs = {}, steps = {} }
        made.jobs["ci.yml\0test"] = { workflow = "ci.yml", name = "test", count = 20, durations = {} }
        for i = 1, 20 do made.jobs["ci.yml\0test"].durations[i] = 600 end
        made.steps["ci.yml\0test"] = steps
        return made
    end

    local twenty = {}
    for i = 1, 20 do twenty[i] = 120 end

    it("is the share of the steps that fetch, as often as they run", function()
        local found = advise(job("      - run: npm ci\n"), { history = history({ ["Run npm ci"] = twenty }) })
        -- 10 runs a week, 2 minutes each, 60 % of it.
        assert.is_true(math.abs(found[1].minutes - 12) < 1e-9)
        assert.matches("made up; 10.0 jobs a week", found[1].basis, 1, true)
    end)

    it("says that it is of the whole job where nothing is known of steps", function()
        local found = advise(job("      - run: npm ci\n"), { history = history(nil) })
        assert.is_true(math.abs(found[1].minutes - 60) < 1e-9)
        assert.matches("in all", found[1].basis, 1, true)
    end)

    it("counts only runs with another lock file where prefixes are missing", function()
        local steps = cache("~/.npm", "v1-${{ hashFiles('package-lock.json') }}") .. "      - run: npm ci\n"
        local found = advise(job(steps), { history = history({ ["Run npm ci"] = twenty }), lock_changes = 2 })
        assert.is_true(math.abs(found[1].minutes - 12 * 2 / 10) < 1e-9)
    end)

    it("of a cache that helps in part is a half", function()
        local steps = cache("~/.npm", "v1-npm") .. "      - run: npm ci\n"
        local found = advise(job(steps), { history = history({ ["Run npm ci"] = twenty }) })
        assert.is_true(math.abs(found[1].minutes - 6) < 1e-9)
    end)

    it("is unknown without a history, and says how to get one", function()
        local found = advise(job("      - run: npm ci\n"))
        assert.is_nil(found[1].minutes)
        assert.matches("--github", found[1].basis, 1, true)
    end)

    it("is what dearest proposals come first by", function()
        local found = advise(job("      - run: npm ci\n      - run: go test ./...\n"),
            { history = history({ ["Run npm ci"] = twenty, ["Run go test ./..."] = { 30 } }) })
        assert.equal("node", found[1].language)
        assert.equal("go", found[2].language)
    end)
end)

describe("scaffolded workflows", function()
    it("have nothing to improve", function()
        for _, language in ipairs(scaffolds.languages) do
            local all, list = scaffolds.files(language), {}
            for path, text in pairs(all) do
                if scaffolds.is_workflow(path) or scaffolds.is_action(path) then
                    list[#list + 1] = { path = path, text = text }
                end
            end
            local known = { ".github/workflows/ci.yml", unpack(files) }
            for _, path in ipairs({ "CMakeLists.txt", "src/a.cpp", "a.py", "a.js", "worker/src/index.js" }) do
                known[#known + 1] = path
            end
            local found = proposals_of.advise({ workflows = list, files = known,
                read = function(path) return all[path] end }, rules)
            for _, proposal in ipairs(found) do
                local is_release = proposal.file:find("release.yml", 1, true)
                assert.truthy(is_release, ("%s %s:%d %s"):format(language, proposal.file, proposal.line,
                    proposal.problems[1].message))
            end
        end
    end)
end)

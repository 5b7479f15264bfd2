-- What `uhost scaffold` writes, and what becomes of files that are there.
local scaffolds = require("support.scaffolds")
local merge = require("lib.scaffold.merge")
local template = require("lib.scaffold.template")

-- Runs `body(path, text)` for every file of every language that `is_wanted`.
local function each(is_wanted, body)
    for _, language in ipairs(scaffolds.languages) do
        local files = scaffolds.files(language)
        for _, path in ipairs(tables.sorted_keys(files)) do
            if is_wanted(path) then body(path, files[path], language) end
        end
    end
end

local function is_ci(path) return scaffolds.is_workflow(path) or scaffolds.is_action(path) end

describe("a template", function()
    it("keeps GitHub's and the shell's own places", function()
        assert.equal("${{ github.ref }} $HOME x\n", template.fill("${{ github.ref }} $HOME <<a>>\n", { a = "x" }))
    end)

    it("indents all lines of a value that is alone on its line", function()
        assert.equal("a:\n  b: 1\n\n  c: 2\n", template.fill("a:\n  <<more>>\n", { more = "b: 1\n\nc: 2" }))
    end)

    it("leaves out the line of an empty value", function()
        assert.equal("a\nb\n", template.fill("a\n  <<none>>\nb\n", { none = "" }))
    end)

    it("says which value it lacks", function()
        local ok, message = pcall(template.fill, "<<missing>>\n", {})
        assert.is_false(ok)
        assert.matches("<<missing>>", message, 1, true)
    end)
end)

describe("every scaffolded workflow", function()
    it("passes workflow_guard with no finding", function()
        local guard = require("lib.workflow_guard.guard")
        local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
        for _, language in ipairs(scaffolds.languages) do
            local files, head = scaffolds.files(language), {}
            for path, text in pairs(files) do
                if is_ci(path) then head[#head + 1] = { path = path, text = text } end
            end
            for _, finding in ipairs(guard.compare({}, head, rules).findings) do
                error(("%s: %s:%d: %s"):format(language, finding.file, finding.line, finding.message))
            end
        end
    end)

    it("names every action by the commit of a tag", function()
        each(is_ci, function(path, text)
            for line in text:gmatch("uses: ([^\n]+)") do
                local is_own = line:find("^%./%.github/actions/%l+$") or text:find("#[^\n]*" .. line:gsub("%p", "%%%0"))
                local sha = line:match("^[%w_/-]+@(%x+) # v[%d.]+$")
                assert.is_true(is_own ~= nil or sha ~= nil and #sha == 40, path .. ": " .. line)
            end
        end)
    end)

    it("limits time, permissions and runs at once, and ignores no failure", function()
        each(scaffolds.is_workflow, function(path, text)
            local jobs, value = scaffolds.jobs(path, text)
            assert.is_nil(text:find("continue-on-error", 1, true), path)
            assert.is_string(value.concurrency.group, path)
            local allowed = json.encode(value.permissions)
            assert.is_true(allowed == "{}" or allowed == '{"contents":"read"}', path .. allowed)
            for id, job in pairs(jobs) do
                assert.is_number(job["timeout-minutes"], path .. id)
                for _, step in ipairs(job.steps) do
                    local is_checkout = (step.uses or ""):find("actions/checkout", 1, true)
                    if is_checkout and not step.with.token then
                        assert.is_false(step.with["persist-credentials"], path .. id)
                    end
                end
            end
        end)
    end)

    it("puts no expression into a script", function()
        each(is_ci, function(path, text)
            for _, script in ipairs(scaffolds.scripts(path, text)) do
                assert.is_nil(script.run:find("${{", 1, true), path .. script.name)
            end
        end)
    end)

    it("keeps the folders that uhost uses", function()
        local count = 0
        each(scaffolds.is_workflow, function(path, text)
            for id, job in pairs((scaffolds.jobs(path, text))) do
                for _, step in ipairs(job.steps) do
                    local kept = step.with and step.with.path
                    local name = ({ ["/var/lib/uhost"] = "UHOST_STATE", ["/var/cache/ccache"] = "CCACHE_DIR" })[kept]
                    if name then
                        count = count + 1
                        assert.equal(kept, (job.env or {})[name], path .. id)
                    end
                end
            end
        end)
        assert.is_true(count > 50)
    end)

    it("runs commands of uhost that there are", function()
        local count = 0
        each(scaffolds.is_workflow, function(path, text)
            for _, script in ipairs(scaffolds.scripts(path, text)) do
                for command in (script.run .. "\n"):gmatch("uhost/uhost ([%l_]+)") do
                    count = count + 1
                    local file = fs.join(uhost.share, "scripts", command .. ".lua")
                    assert.is_true(fs.exists(file), path .. ": " .. command)
                end
            end
        end)
        assert.is_true(count > 20)
    end)

    it("builds keys of caches from a version, the system and the content", function()
        for _, language in ipairs(scaffolds.languages) do
            local path = ".github/actions/cache/action.yml"
            local layers = 0
            for _, step in ipairs(scaffolds.jobs(path, scaffolds.files(language)[path]).runs.steps) do
                if step.uses and step.with["restore-keys"] then
                    layers = layers + 1
                    assert.matches("^%${{ inputs%.version }}%-", step.with.key)
                    assert.matches("runner.os", step.with.key, 1, true)
                    assert.matches("hashFiles", step.with.key, 1, true)
                    for prefix in step.with["restore-keys"]:gmatch("[^\n]+") do
                        assert.equal(prefix, step.with.key:sub(1, #prefix))
                    end
                end
            end
            assert.is_true(layers >= 2)
        end
    end)
end)

describe("dependabot.yml", function()
    -- https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference
    local keys = tables.set({ "package-ecosystem", "directory", "directories", "schedule", "cooldown",
        "commit-message", "groups" })

    it("has the options that GitHub knows, for each part of a project", function()
        local files = { Dockerfile = "", [".gitmodules"] = "", ["uv.lock"] = "" }
        local value = yaml.decode(scaffolds.files("python", files)[".github/dependabot.yml"])
        assert.equal(2, value.version)
        local ecosystems = {}
        for i, update in ipairs(value.updates) do
            ecosystems[i] = update["package-ecosystem"]
            for key in pairs(update) do assert.is_true(keys[key], key) end
            assert.is_true((update.directory == nil) ~= (update.directories == nil))
            assert.same({ interval = "weekly" }, update.schedule)
            assert.same({ ["default-days"] = 7 }, update.cooldown)
            assert.same({ patterns = { "*" }, ["update-types"] = { "minor", "patch" } },
                update.groups[update["package-ecosystem"]])
        end
        assert.same({ "github-actions", "uv", "docker", "gitsubmodule" }, ecosystems)
    end)
end)

describe("what is scaffolded follows the project", function()
    it("locks what has a lock file", function()
        local with = scaffolds.files("rust", { ["Cargo.lock"] = "" })[".github/workflows/ci.yml"]
        local without = scaffolds.files("rust")[".github/workflows/ci.yml"]
        assert.matches("cargo test --workspace --locked", with, 1, true)
        assert.is_nil(without:find("cargo test --workspace --locked", 1, true))
    end)

    it("leaves the toolchain to the file that pins it", function()
        local text = scaffolds.files("rust", { ["rust-toolchain.toml"] = "" })[".github/workflows/ci.yml"]
        assert.is_nil(text:find("beta", 1, true))
        assert.is_nil(text:find("rustup default", 1, true))
        assert.equal("pinned", yaml.decode(text).jobs.test.strategy.matrix.toolchain[1])
    end)

    it("uses the package manager and the scripts of package.json", function()
        local project = scaffolds.project("node", { ["pnpm-lock.yaml"] = "" })
        project.scripts = { lint = true, test = true }
        local text = require("lib.scaffold.modules").ci.files(project)[".github/workflows/ci.yml"]
        assert.matches("pnpm install --frozen-lockfile", text, 1, true)
        assert.matches("run: pnpm run lint", text, 1, true)
        assert.matches("run: pnpm run test", text, 1, true)
        assert.is_nil(text:find("npm ci", 1, true))
    end)
end)

describe("merging", function()
    local dependabot = ".github/dependabot.yml"
    local generated = scaffolds.files("rust", { Dockerfile = "" })[dependabot]

    it("adds what Dependabot does not look after, and keeps the rest byte by byte", function()
        local own = "version: 2 # ours\nupdates:\n    - package-ecosystem: 'cargo'\n      directory: /\n"
            .. "      schedule: {interval: daily}  # often\n"
        local merged = merge.of(dependabot, own, generated)
        assert.equal(own, merged:sub(1, #own))
        local ecosystems = {}
        for i, update in ipairs(yaml.decode(merged).updates) do ecosystems[i] = update["package-ecosystem"] end
        assert.same({ "cargo", "github-actions", "docker" }, ecosystems)
        assert.equal(merged, merge.of(dependabot, merged, generated))
    end)

    it("adds jobs, permissions and concurrency to a workflow", function()
        local own = "name: CI\non: push\njobs:\n    # ours\n    test:\n        runs-on: ubuntu-24.04\n        steps:\n"
            .. "            - run: make test"
        local ci = scaffolds.files("rust")[".github/workflows/ci.yml"]
        local merged = merge.of(".github/workflows/ci.yml", own, ci)
        local value = yaml.decode(merged)
        assert.equal("make test", value.jobs.test.steps[1].run)
        assert.equal("bash", value.jobs.security.defaults.run.shell)
        assert.same({ contents = "read" }, value.permissions)
        assert.matches("# ours", merged, 1, true)
        assert.matches("@%x+ # v6", merged)
        assert.equal(merged, merge.of(".github/workflows/ci.yml", merged, ci))
    end)

    it("adds lines that a list lacks", function()
        assert.equal("mine\n.git\n", merge.of(".dockerignore", "mine", ".git\nmine\n"))
    end)

    it("leaves to a person what it cannot read, or has no way to merge", function()
        assert.is_nil(merge.of(dependabot, "version: [", generated))
        assert.is_nil(merge.of(".github/workflows/ci.yml", "- a\n", "jobs:\n  a:\n    steps: []\n"))
        assert.is_nil(merge.of(dependabot, "updates: [{package-ecosystem: cargo, directory: /}]\n", generated))
        assert.is_nil(merge.of("Dockerfile", "FROM a:1\n", "FROM b:1\n"))
    end)
end)

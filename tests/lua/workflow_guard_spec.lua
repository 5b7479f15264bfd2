-- What the guard says of a change: each anti-pattern beside the change that only looks like it.
local expect = require("support.expect")

local guard, rules
setup(function()
    guard = require("lib.workflow_guard.guard")
    rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
end)

local function file(text, path) return { path = path or ".github/workflows/ci.yml", text = text } end

-- The rules by which less is checked, sorted.
local function reducing(base, head)
    local result, list, seen = guard.compare({ file(base) }, { file(head) }, rules), {}, {}
    for _, finding in ipairs(result.findings) do
        if finding.reduces and not seen[finding.rule] then
            seen[finding.rule], list[#list + 1] = true, finding.rule
        end
    end
    table.sort(list)
    assert.equal(#list > 0, result.coverage_reduced)
    return table.concat(list, " ")
end

local function all_rules(base, head)
    local list = {}
    for _, finding in ipairs(guard.compare({ file(base) }, { file(head) }, rules).findings) do
        list[#list + 1] = finding.rule
    end
    table.sort(list)
    return table.concat(list, " ")
end

local job = [[
on: { push: { branches: [main] }, pull_request: {} }
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
%s
]]

-- Steps as lines below "steps:".
local function with(steps) return job:format((steps:gsub("^", "      "):gsub("\n", "\n      "))) end

local function assert_step(rule, before, after)
    assert.equal(rule, reducing(with(before), with(after)), before .. "\n=>\n" .. after)
end

describe("a lost check", function()
    it("is a command, a step or a job that nothing runs any more", function()
        assert_step("step_removed", "- run: npm test\n- run: npm run lint", "- run: npm test")
        assert_step("command_removed", "- name: all\n  run: |\n    make lint\n    make test",
            "- name: all\n  run: make test")
        assert_step("command_removed", "- name: x\n  run: make lint test", "- name: x\n  run: make test")
        assert_step("step_removed", "- uses: github/codeql-action/analyze@v3", "- run: echo off")
        local two = with("- run: make test") .. "  lint:\n    runs-on: ubuntu-24.04\n    steps: [{run: make lint}]\n"
        assert.equal("job_removed", reducing(two, with("- run: make test")))
    end)

    it("is not one that was renamed, moved, merged, split or replaced by its like", function()
        assert_step("", "- name: A\n  run: npm test", "- name: B\n  run: npm test")
        assert_step("", "- run: npm test", "- run: pnpm test")
        assert_step("", "- run: make lint\n- run: make test", "- run: |\n    make lint\n    make test")
        assert_step("", "- run: make lint test", "- run: make lint\n- run: make test")
        assert_step("", "- run: flake8 src", "- run: ruff check src")
        assert_step("", "- uses: pre-commit/action@v3", "- run: pre-commit run --all-files")
        assert_step("", "- uses: some/linter@v1", "- uses: some/linter@v2")
        assert_step("", "- run: cd app && npm test", "- run: npm test\n  working-directory: app")
        assert_step("", "- uses: actions-rs/cargo@v1\n  with: { command: clippy, args: --all }",
            "- run: cargo clippy --all")
        assert_step("", "- uses: golangci/golangci-lint-action@v6", "- run: make lint")
        assert_step("", "- run: pytest -v", "- run: tox")
        assert_step("step_removed", "- run: pytest -v\n- run: npm test", "- run: tox")
        assert_step("", "- run: poetry run pytest", "- run: uv run pytest")
        local moved = with("- run: make test") .. "  style:\n    runs-on: ubuntu-24.04\n    steps: [{run: make lint}]\n"
        assert.equal("", reducing(with("- run: make test\n- run: make lint"), moved))
        assert.equal("", reducing(with("- run: make test"), (with("- run: make test"):gsub("  test:", "  check:"))))
    end)

    it("is not what prepares, looks around or delivers", function()
        assert_step("", "- run: make test\n- run: sudo apt-get install -y jq", "- run: make test")
        assert_step("", "- run: make test\n- run: cat build.log", "- run: make test")
        assert_step("", "- run: make test\n- run: gh release upload v1 a.zip", "- run: make test")
        assert_step("", "- run: make test\n- uses: actions/upload-artifact@v4", "- run: make test")
        assert_step("", "- run: make test\n- run: hugepages 64", "- run: make test")
        assert_step("", "- run: make test\n- uses: step-security/harden-runner@v2", "- run: make test")
        assert_step("", "- run: make test\n- name: Start server\n  run: ./server --port 80", "- run: make test")
    end)

    it("is found in another file of the revision", function()
        local base = { file(with("- run: make test\n- run: make lint")) }
        local head = { file(with("- run: make test")), file(with("- run: make lint"), ".github/workflows/lint.yml") }
        assert.is_false(guard.compare(base, head, rules).coverage_reduced)
        local gone = guard.compare(head, { head[1] }, rules)
        assert.is_true(gone.coverage_reduced)
        assert.same({ "job_removed", "workflow_removed" }, { gone.findings[1].rule, gone.findings[2].rule })
    end)
end)

describe("a check that moved", function()
    local head = "jobs:\n  lint:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm run lint\n"
    local e2e = "  e2e:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm run e2e\n"
    local often, nightly = "on: [push, pull_request]\n", "on: { schedule: [{ cron: '0 1 * * *' }] }\n"

    local function narrowed(files)
        local list = {}
        for _, finding in ipairs(guard.compare({ file(often .. head .. e2e) }, files, rules).findings) do
            if finding.reduces then list[#list + 1] = finding.rule .. ": " .. finding.message end
        end
        return table.concat(list, "\n")
    end

    it("is not lost where it runs on the same events", function()
        assert.equal("", narrowed({ file(often .. head),
            file(often .. "jobs:\n" .. e2e, ".github/workflows/e2e.yml") }))
        local caller = "  e2e:\n    uses: ./.github/workflows/e2e.yml\n"
        assert.equal("", narrowed({ file(often .. head .. caller),
            file("on: { workflow_call: }\njobs:\n" .. e2e, ".github/workflows/e2e.yml") }))
    end)

    it("is where it runs on fewer", function()
        local expected = "condition_narrowed: 'npm run e2e' is in job 'e2e' now, and does not run on pull_request, push"
        assert.equal(expected, narrowed({ file(often .. head),
            file(nightly .. "jobs:\n" .. e2e, ".github/workflows/nightly.yml") }))
        local job_of_its_own = e2e:gsub("e2e:\n", "nightly:\n    if: github.event_name == 'schedule'\n", 1)
        assert.equal("never_runs: job 'nightly' never runs", narrowed({ file(often .. head .. job_of_its_own) }))
    end)

    it("is not one that several steps run, each where the others do not", function()
        local steps = "jobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
        local both = "      - { name: Linux, run: npm test, if: runner.os == 'Linux' }\n"
            .. "      - { name: Test, run: npm test, if: runner.os != 'Linux' }\n"
        assert.equal("", reducing(often .. steps .. "      - { name: Test, run: npm test }\n", often .. steps .. both))
    end)
end)

describe("a called file of the repository", function()
    local caller = "on: push\njobs:\n  %s:\n    uses: ./.github/workflows/tests.yml\n"
    local called = "on: workflow_call\njobs:\n  unit:\n    runs-on: ubuntu-24.04\n"
        .. "    strategy: { matrix: { os: [a, b] } }\n    steps:\n      - run: npm test\n"
    local action = "runs:\n  using: composite\n  steps:\n    - run: npm test\n      shell: bash\n"
    local path, action_path = ".github/workflows/tests.yml", ".github/actions/check/action.yml"

    -- The rules for a change of ci.yml beside other files, which are the same on both sides or given for each.
    local function with_files(before, after, old_files, new_files)
        local function side(text, files)
            local list = { file(text) }
            for name, content in pairs(files) do list[#list + 1] = file(content, name) end
            return list, function(name) return files[name] end
        end
        local base, read_base = side(before, old_files)
        local head, read_head = side(after, new_files or old_files)
        local found = {}
        for _, finding in ipairs(guard.compare(base, head, rules, { base = read_base, head = read_head }).findings) do
            found[#found + 1] = finding.rule
        end
        return table.concat(found, " ")
    end

    local function inline(steps)
        return "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    strategy: { matrix: { os: [a, b] } }\n"
            .. "    steps:\n" .. steps
    end

    it("takes the place of what it runs", function()
        local steps = "      - run: npm test\n"
        assert.equal("", with_files(inline(steps), caller:format("test"), { [path] = called }))
        assert.equal("", with_files(inline(steps), caller:format("other"), { [path] = called }))
        assert.equal("", with_files(caller:format("test"), inline(steps), { [path] = called }))
        assert.equal("", with_files(inline(steps), inline("      - uses: ./.github/actions/check\n"),
            { [action_path] = action }))
        local through = called:gsub("run: npm test", "uses: ./.github/actions/check")
        assert.equal("", with_files(inline(steps), caller:format("test"), { [path] = through, [action_path] = action }))
    end)

    it("loses what it does not run", function()
        local steps = "      - run: npm test\n      - run: npm run lint\n"
        assert.equal("step_removed", with_files(inline(steps), caller:format("test"), { [path] = called }))
        assert.equal("step_removed", with_files(inline(steps), inline("      - uses: ./.github/actions/check\n"),
            { [action_path] = action }))
        local fewer = called:gsub("%[a, b%]", "[a]")
        assert.equal("combination_removed", with_files(inline("      - run: npm test\n"), caller:format("test"),
            { [path] = fewer }))
    end)

    it("is held back by the conditions of both", function()
        local call = "      - uses: ./.github/actions/check\n"
        assert.equal("never_runs", with_files(inline("      - run: npm test\n"), inline(call .. "        if: false\n"),
            { [action_path] = action }))
        assert.equal("never_runs", with_files(inline("      - run: npm test\n"), inline(call),
            { [action_path] = action .. "      if: false\n" }))
        assert.equal("continue_on_error", with_files(inline("      - run: npm test\n"),
            inline(call .. "        continue-on-error: true\n"), { [action_path] = action }))
    end)

    it("is compared by itself where both sides call it, and is found once", function()
        local fewer = called:gsub("npm test", "echo off")
        assert.equal("step_removed", with_files(caller:format("test"), caller:format("test") .. "# more\n",
            { [path] = called }, { [path] = fewer }))
    end)

    it("may call itself, or be missing", function()
        local loop = "on: { push: , workflow_call: }\njobs:\n  again:\n    uses: ./.github/workflows/tests.yml\n"
        for _, files in ipairs({ { [path] = loop }, {} }) do
            local found = with_files(inline("      - run: npm test\n"), caller:format("test"), files)
            assert.matches("_removed", found, 1, true)
        end
    end)
end)

describe("a matrix", function()
    local function matrix(text)
        return "on: push\njobs:\n  test:\n    runs-on: ${{ matrix.os }}\n    strategy: { matrix: " .. text
            .. " }\n    steps: [{ run: make test }]\n"
    end

    it("loses combinations, which are named", function()
        assert.equal("combination_removed", reducing(matrix("{ os: [a, b] }"), matrix("{ os: [a] }")))
        local both = "{ os: [a, b], v: ['1', '2'] }"
        local excluded = "{ os: [a, b], v: ['1', '2'], exclude: [{ os: b, v: '2' }] }"
        local result = guard.compare({ file(matrix(both)) }, { file(matrix(excluded)) }, rules)
        assert.equal(1, #result.findings)
        assert.equal("os=b, v=2", result.findings[1].before)
        assert.equal("", reducing(matrix(excluded), matrix(both)))
    end)

    it("may be written in another way, and bumped", function()
        assert.equal("", reducing(matrix("{ os: [a, b] }"), matrix("{ include: [{ os: b }, { os: a }] }")))
        assert.equal("", reducing(matrix("{ os: [ubuntu-22.04, macos-14] }"),
            matrix("{ os: [macos-15, ubuntu-24.04] }")))
        assert.equal("", reducing(matrix("{ v: ['3.8', '3.9'] }"), matrix("{ v: ['3.9', '3.10'] }")))
        assert.equal("combination_removed", reducing(matrix("{ v: ['3.8', '3.9'] }"), matrix("{ v: ['3.9'] }")))
        assert.equal("", reducing(matrix("{ os: [a, b] }"), matrix("{ image: [a, b] }")))
    end)

    it("may be split into jobs", function()
        local one = matrix("{ os: [a, b] }")
        local two = (matrix("{ os: [a] }"):gsub("    steps:.*", "%0")) .. "  other:\n    runs-on: b\n"
            .. "    steps: [{ run: make test }]\n"
        assert.equal("", reducing(one, two))
    end)

    it("lets combinations fail that could not before", function()
        local function optional(v, extra)
            return (matrix(("{ v: %s, optional: [false]%s }"):format(v, extra)):gsub("    steps",
                "    continue-on-error: ${{ matrix.optional }}\n    steps"))
        end
        local include = ", include: [{ v: '3.9', optional: true }]"
        assert.equal("continue_on_error", reducing(optional("['3.8', '3.9']", ""), optional("['3.8']", include)))
        assert.equal("", reducing(optional("['3.8']", ""), optional("['3.8']", include)))
    end)
end)

describe("a command of very many words", function()
    it("is compared as any other", function()
        local many = "make" .. (" -k"):rep(20000) .. " lint test"
        assert_step("step_removed", "- run: " .. many, "- run: echo off")
    end)
end)

describe("a hidden failure", function()
    it("is ignored by the shell", function()
        assert_step("failure_ignored", "- run: npm test", "- run: npm test || true")
        assert_step("failure_ignored", "- run: npm test", "- run: npm test || echo failed")
        assert_step("failure_ignored", "- run: npm test", "- run: npm test | tee out.log")
        assert_step("failure_ignored", "- run: make test\n", "- run: |\n    set +e\n    make test\n    echo done\n")
        assert_step("early_exit", "- name: t\n  run: |\n    make lint\n    make test",
            "- name: t\n  run: |\n    make lint\n    exit 0\n    make test")
    end)

    it("is not one where the failure counts after all", function()
        assert_step("", "- run: npm test", "- run: npm test | tee out.log\n  shell: bash")
        assert_step("", "- run: npm test", "- run: |\n    set -o pipefail\n    npm test | tee out.log")
        assert_step("", "- run: make test", "- run: make test\n- run: pkill server || true")
        assert_step("", "- run: make test",
            "- run: |\n    set +e\n    make test || FAULT=1\n    cleanup\n    exit $FAULT")
        assert_step("", "- run: make test", "- run: |\n    # continue-on-error: true\n    make test")
        assert_step("", "- run: |\n    make test", "- run: |\n    make test\n    echo 'continue-on-error: true'")
    end)

    it("is let through by continue-on-error, unless the outcome is read later", function()
        assert_step("continue_on_error", "- run: npm test", "- run: npm test\n  continue-on-error: true")
        assert_step("", "- id: t\n  run: npm test", "- id: t\n  run: npm test\n  continue-on-error: true\n"
            .. "- if: steps.t.outcome == 'failure'\n  run: exit 1")
        assert_step("", "- run: npm test\n  continue-on-error: true", "- run: npm test")
        assert_step("", "- uses: actions/upload-artifact@v4",
            "- uses: actions/upload-artifact@v4\n  continue-on-error: true")
    end)

    it("is a condition that does not hold where it held", function()
        assert_step("never_runs", "- run: npm test", "- run: npm test\n  if: false")
        assert_step("never_runs", "- run: npm test", "- run: npm test\n  if: ${{ false && always() }}")
        assert_step("never_runs", "- run: npm test", "- run: npm test\n  if: runner.os == 'Windows'")
        assert_step("condition_narrowed", "- run: npm test", "- run: npm test\n  if: github.event_name == 'push'")
        assert_step("condition_narrowed", "- run: npm test", "- run: npm test\n  if: steps.x.outputs.changed == 'true'")
        assert_step("", "- run: npm test",
            "- run: npm test\n  if: github.event_name == 'push' || steps.x.outputs.c == 'true'")
        assert_step("", "- run: npm test", "- run: npm test\n  if: ${{ !cancelled() }}")
        assert_step("", "- run: npm test", "- run: npm test\n  if: github.repository == 'a/b'")
        assert_step("", "- run: npm test\n  if: a == 'b'", "- run: npm test\n  if: a == 'b' || always()")
    end)
end)

describe("a weaker check", function()
    it("has options, variables or inputs that leave out more", function()
        assert_step("options_weakened", "- run: pytest", "- run: pytest --ignore=tests/slow")
        assert_step("options_weakened", "- run: pytest", "- run: pytest -k 'not slow'")
        assert_step("options_weakened", "- run: cargo test --all-features", "- run: cargo test")
        assert_step("options_weakened", "- run: mvn verify", "- run: mvn verify -DskipTests")
        assert_step("options_weakened", "- run: ./gradlew build", "- run: ./gradlew build -x test")
        assert_step("options_weakened", "- run: go test ./...", "- run: go test -short ./...")
        assert_step("options_weakened", "- run: cargo clippy -- -D warnings", "- run: cargo clippy")
        assert_step("options_weakened", "- run: pytest unit e2e", "- run: pytest unit")
        assert_step("variable_skips", "- run: make test", "- run: make test\n  env: { SKIP_SLOW_TESTS: 1 }")
        assert_step("variable_skips", "- run: SKIP=a make test", "- run: SKIP=a,b make test")
        assert_step("input_weakened", "- uses: x/link-checker@v1\n  with: { skip: a }",
            "- uses: x/link-checker@v1\n  with: { skip: a b }")
        assert_step("strictness_removed", "- run: make test\n  env: { RUSTFLAGS: -D warnings }", "- run: make test")
    end)

    it("is not one whose options say something else, or that is stricter", function()
        assert_step("", "- run: pytest --ignore=tests/slow", "- run: pytest")
        assert_step("", "- run: pytest", "- run: pytest --cov=src -n 4")
        assert_step("", "- run: cargo test", "- run: cargo test --no-fail-fast")
        assert_step("", "- run: npm ci\n- run: npm test", "- run: npm ci --ignore-scripts\n- run: npm test")
        assert_step("", "- run: make test", "- run: make test\n  env: { PUPPETEER_SKIP_DOWNLOAD: true }")
        assert_step("", "- run: make test\n- run: upload --force a",
            "- run: make test\n- run: upload --skip-existing a")
    end)
end)

describe("a trigger", function()
    local function on(events) return "on: " .. events
        .. "\njobs: { t: { runs-on: ubuntu-24.04, steps: [{ run: make test }] } }" end

    it("is lost or narrowed", function()
        assert.equal("event_removed", reducing(on("[push, pull_request]"), on("[pull_request]")))
        assert.equal("branches_narrowed", reducing(on("{ push: { branches: [main, dev] } }"),
            on("{ push: { branches: [main] } }")))
        assert.equal("branches_narrowed", reducing(on("[push]"), on("{ push: { branches-ignore: [docs] } }")))
        assert.equal("paths_narrowed", reducing(on("[push]"), on("{ push: { paths: [src/**] } }")))
        assert.equal("paths_narrowed", reducing(on("[push]"), on("{ push: { paths-ignore: ['**.md'] } }")))
        assert.equal("types_narrowed", reducing(on("[pull_request]"), on("{ pull_request: { types: [opened] } }")))
    end)

    it("is not one that is widened, renamed or said in another way", function()
        assert.equal("", reducing(on("[push]"), on("{ push: {}, pull_request: {} }")))
        assert.equal("", reducing(on("{ push: { branches: [master] } }"), on("{ push: { branches: [main] } }")))
        assert.equal("", reducing(on("{ push: { branches: [a, b/x] } }"), on("{ push: { branches: ['**'] } }")))
        assert.equal("", reducing(on("[push, workflow_dispatch]"), on("push")))
        assert.equal("", reducing(on("[pull_request]"),
            on("{ pull_request: { types: [opened, synchronize, reopened, labeled] } }")))
    end)
end)

describe("a risk", function()
    -- The rules of a new workflow.
    local function found_in(text)
        local list = {}
        for i, finding in ipairs(guard.compare({}, { file(text) }, rules).findings) do list[i] = finding.rule end
        table.sort(list)
        return table.concat(list, " ")
    end

    local function workflow(steps, head, job_keys)
        return (head or "on: push\n") .. "permissions: { contents: read }\njobs:\n  test:\n    runs-on: ubuntu-24.04\n"
            .. (job_keys or "") .. "    steps:\n      " .. steps:gsub("\n", "\n      ") .. "\n"
    end

    it("is reported where it is new, and reduces nothing", function()
        local safe = with("- run: make test")
        for step, rule in pairs({
            ["- uses: a/setup@main"] = "unpinned_action",
            ["- run: echo '${{ github.event.issue.title }}'"] = "script_injection",
            ["- run: echo '::set-output name=a::b'"] = "deprecated_command",
            ["- uses: docker://alpine:latest"] = "unpinned_image",
            ["- uses: actions/setup-python@v5\n  with: { python-version: 3.10 }"] = "version_as_number",
            ["- uses: actions-rs/toolchain@v1"] = "archived_action",
            ["- uses: actions/checkout@v2"] = "outdated_action",
            ["- run: x\n  if: ${{ always() }} && true"] = "condition_always_true",
            ["- run: x\n  if: |\n    ${{ github.ref == 'a' }}"] = "condition_always_true",
            ["- run: x\n  if: contains('main next', github.ref_name)"] = "unsound_contains",
            ["- run: x\n  shell: fish"] = "unknown_shell",
            ["- run: echo ${{ steps.nowhere.outputs.x }}"] = "unknown_reference",
            ["- run: echo \"${{ secrets.TOKEN }}\""] = "secret_in_log",
            ["- run: echo $TOKEN\n  env: { TOKEN: '${{ secrets.TOKEN }}' }"] = "secret_in_log",
            ["- run: x\n  env: { ALL: '${{ toJSON(secrets) }}' }"] = "all_secrets",
            ["- run: x\n  env: { ID: '${{ fromJSON(secrets.KEY).id }}' }"] = "unmasked_secret",
            ["- run: x\n  env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }"] = "insecure_commands",
            ["- run: |\n    until curl -f http://localhost; do\n      sleep 1\n    done"] = "endless_retry",
            ["- run: |\n    while true; do\n      ./flaky && break\n    done"] = "endless_retry",
            ["- uses: actions/github-script@v7\n  with: { script: 'f(`${{ github.head_ref }}`)' }"] =
                "script_injection",
        }) do
            assert.equal(rule, all_rules(safe, with("- run: make test\n" .. step)))
            assert.equal("", all_rules(with(step), with(step .. "\n- run: make test")))
            assert.equal("", reducing(safe, with("- run: make test\n" .. step)))
        end
    end)

    it("is none where it only looks like one", function()
        local safe = with("- run: make test")
        for _, step in ipairs({ "- uses: a/setup@v1", "- uses: actions/checkout@v5",
            "- uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
            "- run: echo \"$TITLE\"\n  env: { TITLE: '${{ github.event.issue.title }}' }",
            "- run: echo '${{ github.sha }}'", "- uses: docker://alpine:3.20",
            "- uses: actions/setup-python@v5\n  with: { python-version: '3.10' }",
            "- run: x\n  if: ${{ always() }}", "- run: x\n  if: >-\n    ${{ github.ref == 'a' }}",
            "- run: x\n  if: contains(fromJSON('[\"main\"]'), github.ref_name)", "- run: x\n  shell: bash -e {0}",
            "- { id: build, run: x }\n- run: echo ${{ steps.build.outputs.x }} ${{ steps.*.outcome }}",
            "- run: ./deploy\n  env: { TOKEN: '${{ secrets.TOKEN }}' }",
            "- run: echo \"$TOKEN\" | docker login --password-stdin\n  env: { TOKEN: '${{ secrets.TOKEN }}' }",
            "- run: echo \"$TOKEN\" > key\n  env: { TOKEN: '${{ secrets.TOKEN }}' }",
            "- run: |\n    until curl -f http://localhost; do\n      sleep 1\n    done\n  timeout-minutes: 2",
            "- run: |\n    for i in 1 2 3; do\n      ./flaky && break\n    done",
            "- run: |\n    until [ $n -gt 5 ]; do\n      n=$((n + 1))\n    done" }) do
            assert.equal("", all_rules(safe, with("- run: make test\n" .. step)), step)
        end
    end)

    it("is what strangers may do with the token and the secrets", function()
        local target, request = "on: pull_request_target\n", "on: pull_request\n"
        local checkout = "- uses: actions/checkout@v5\n  with: { ref: '${{ github.event.pull_request.head.sha }}' }"
        local env = "    env: { KEY: '${{ secrets.KEY }}' }\n"
        assert.equal("", found_in(workflow(checkout, request, env)))
        assert.equal("privileged_trigger secret_for_untrusted untrusted_checkout",
            found_in(workflow(checkout, target, env)))
        assert.equal("privileged_trigger", found_in(workflow("- run: x", target, env)))
        assert.equal("privileged_trigger untrusted_environment",
            found_in(workflow("- run: echo a=b >> $GITHUB_ENV", target)))
        assert.equal("", found_in(workflow("- run: echo a=b >> $GITHUB_ENV", request)))
        assert.equal("privileged_trigger spoofable_actor", found_in(workflow(
            "- run: x\n  if: github.actor == 'dependabot[bot]'", target)))
        assert.equal("", found_in(workflow("- run: x\n  if: github.actor == 'dependabot[bot]'", request)))
    end)

    it("is a machine, an image or a secret that a job gives away", function()
        local function own(event) return workflow("- run: x", event):gsub("ubuntu%-24.04", "[self-hosted, linux]") end
        assert.equal("self_hosted_runner", found_in((own("on: pull_request\n"))))
        assert.equal("", found_in((own("on: push\n"))))
        assert.equal("hardcoded_credentials unpinned_image", found_in(workflow("- run: x", nil,
            "    container: { image: a, credentials: { username: b, password: c } }\n")))
        assert.equal("", found_in(workflow("- run: x", nil,
            "    container: { image: 'a:1', credentials: { password: '${{ secrets.P }}' } }\n")))
        assert.equal("unpinned_image", found_in(workflow("- run: x", nil,
            "    services: { db: { image: postgres } }\n")))
        local upload = "- uses: actions/checkout@v5\n  with: { persist-credentials: %s }\n"
            .. "- uses: actions/upload-artifact@v4\n  with: { path: %s }"
        assert.equal("credentials_in_artifact", found_in(workflow(upload:format("true", "."))))
        assert.equal("", found_in(workflow(upload:format("false", "."))))
        assert.equal("", found_in(workflow(upload:format("true", "dist"))))
        local call = "on: push\npermissions: {}\njobs:\n  a: { uses: %s, secrets: inherit }\n"
        assert.equal("inherited_secrets", found_in(call:format("o/n/.github/workflows/x.yml@v1")))
        assert.equal("", found_in(call:format("./.github/workflows/x.yml")))
    end)

    it("is more than the token could do before", function()
        local function permissions(text) return "on: push\n" .. text .. workflow("- run: make test"):gsub(
            "^on: push\npermissions: [^\n]*\n", "") end
        local read = permissions("permissions: { contents: read }\n")
        assert.equal("permissions_widened", all_rules(read, permissions("permissions: { contents: write }\n")))
        assert.equal("permissions_widened", all_rules(read,
            permissions("permissions: { contents: read, issues: write }\n")))
        assert.equal("permissions_widened", all_rules(read, permissions("permissions: write-all\n")))
        assert.equal("permissions_missing", all_rules(read, permissions("")))
        assert.equal("", all_rules(permissions(""), read))
        assert.equal("", all_rules(permissions("permissions: read-all\n"), read))
        assert.equal("unknown_permission", all_rules(read, permissions("permissions: { contents: reed }\n")))
    end)

    it("is a mistake that GitHub does not mention, or for which it runs nothing", function()
        local function jobs(text) return "on: push\npermissions: {}\njobs: " .. text .. "\n" end
        assert.equal("unknown_need", found_in(jobs("{ a: { needs: b, runs-on: x, steps: [{ run: x }] } }")))
        assert.equal("needs_cycle needs_cycle", found_in(jobs(
            "{ a: { needs: b, runs-on: x, steps: [] }, b: { needs: [a], runs-on: x, steps: [] } }")))
        assert.equal("", found_in(jobs("{ a: { needs: b, runs-on: x, steps: [] }, b: { runs-on: x, steps: [] } }")))
        assert.equal("unknown_reference", found_in(jobs("{ a: { runs-on: '${{ matrix.oss }}', steps: [],"
            .. " strategy: { matrix: { os: [x] } } } }")))
        assert.equal("", found_in(jobs("{ a: { runs-on: '${{ matrix.os }}-${{ matrix.v.x }}', steps: [],"
            .. " strategy: { matrix: { os: [x], include: [{ os: x, v: { x: 1 } }] } } } }")))
        assert.equal("", found_in(jobs("{ a: { runs-on: '${{ matrix.os }}', steps: [],"
            .. " strategy: { matrix: '${{ fromJSON(inputs.m) }}' } } }")))
        for cron, rule in pairs({ ["0 3 * * 1"] = "", ["*/5 * * * *"] = "", ["* * * * *"] = "bad_schedule",
            ["*/2 * * * *"] = "bad_schedule", ["0 3 * *"] = "bad_schedule" }) do
            assert.equal(rule, found_in((workflow("- run: x", "on: { schedule: [{ cron: '" .. cron .. "' }] }\n"))))
        end
        assert.equal("unknown_event", found_in(workflow("- run: x", "on: pull_requests\n")))
    end)

    it("is a checkout of what strangers wrote, with the repository's token", function()
        local function target(event)
            return "on: " .. event
                .. "\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v5\n"
                .. "        with: { ref: '${{ github.event.pull_request.head.sha }}' }\n      - run: make test\n"
        end
        assert.equal("privileged_trigger untrusted_checkout", all_rules(target("pull_request"),
            target("pull_request_target")))
        assert.equal("", all_rules(target("pull_request"), target("pull_request") .. "\n"))
    end)
end)

describe("what starts a workflow", function()
    local function with_trigger(text)
        return "on: " .. text .. "\npermissions: {}\njobs:\n  verify:\n    runs-on: ubuntu-24.04\n"
            .. "    strategy: { matrix: { node: [22.x, 24.x] } }\n    steps: [{ run: npm test }]\n"
    end

    local function found(files, options)
        local list, data = {}, rules:data()
        data.required_checks = options.required
        local own = setmetatable({ data = function() return data end,
            call = function(_, ...) return rules:call(...) end }, { __index = rules })
        for _, finding in ipairs(guard.compare({}, files, own, { default_branch = options.branch }).findings) do
            list[#list + 1] = finding.rule
        end
        return table.concat(list, " ")
    end

    it("is an event of the default branch, by its name today", function()
        local master = with_trigger("{ push: { branches: [master] }, pull_request: { branches: [master, next] } }")
        assert.matches("default_branch_unreached", found({ file(master) }, { branch = "main" }), 1, true)
        assert.not_matches("unreached", found({ file(master) }, { branch = "master" }))
        assert.not_matches("unreached", found({ file(with_trigger("{ push: { branches: ['m*'] } }")) },
            { branch = "main" }))
        assert.matches("unreached", found({ file(with_trigger("{ push: { branches: ['**', '!main'] } }")) },
            { branch = "main" }))
        assert.equal("", found({ file(with_trigger("{ push: { tags: [v1] } }")) }, { branch = "main" }))
    end)

    it("is not a pull request for another pull request, of all workflows with that filter together", function()
        local one = with_trigger("{ pull_request: { branches: [main] } }")
        local result = guard.compare({}, { file(one, ".github/workflows/a.yml"), file(one, ".github/workflows/b.yml"),
            file(with_trigger("pull_request"), ".github/workflows/c.yml") }, rules)
        assert.equal(1, #result.findings)
        assert.equal("stacked_pull_requests", result.findings[1].rule)
        assert.matches("than main starts nothing of a.yml, b.yml", result.findings[1].message, 1, true)
    end)

    it("lets a required check wait for ever behind a filter of paths", function()
        local filtered = with_trigger("{ pull_request: { paths: ['src/**'] } }")
        assert.equal("required_check_waits", found({ file(filtered) }, { required = { "verify (22.x)" } }))
        assert.equal("", found({ file(filtered) }, { required = { "lint" } }))
        assert.equal("", found({ file(with_trigger("pull_request")) }, { required = { "verify (22.x)" } }))
    end)

    it("gives a required check of a matrix another name when its job is skipped", function()
        local text = with_trigger("pull_request"):gsub("    steps", "    if: github.actor != 'x'\n    steps")
        assert.equal("required_check_renamed", found({ file(text) }, { required = { "verify (24.x)" } }))
        local on_steps = with_trigger("pull_request"):gsub("run: npm test", "run: npm test, if: github.actor != 'x'")
        assert.equal("", found({ file(on_steps) }, { required = { "verify (24.x)" } }))
    end)

    it("is not held back by a filter that also holds for pushes, job by job", function()
        local function jobs(condition)
            local list = { "on: { push: { branches: [main] }, pull_request: }\npermissions: {}\njobs:\n"
                .. "  changes:\n    runs-on: x\n    outputs: { src: '${{ steps.f.outputs.src }}' }\n"
                .. "    steps: [{ id: f, uses: dorny/paths-filter@v3 }]\n" }
            for i = 1, 28 do
                list[#list + 1] = ("  job%d:\n    runs-on: x\n"):format(i)
                    .. (i <= 26 and condition and "    needs: changes\n    if: " .. condition .. "\n" or "")
                    .. ("    steps: [{ run: make test%d }]\n"):format(i)
            end
            return table.concat(list)
        end
        local function narrowed(condition)
            local count = 0
            for _, finding in ipairs(guard.compare({ file(jobs()) }, { file(jobs(condition)) }, rules).findings) do
                if finding.rule == "condition_narrowed" then count = count + 1 end
            end
            return count
        end
        assert.equal(26, narrowed("needs.changes.outputs.src == 'true'"))
        assert.equal(0, narrowed("github.event_name == 'push' || needs.changes.outputs.src == 'true'"))
    end)

    it("says of every unguarded pipe that it hides a failure, and takes commands for commands", function()
        local pipes = with("- run: |\n    npm test | tee out.log\n    npm run lint | tee lint.log")
        local result = guard.compare({ file(with("- run: |\n    npm test\n    npm run lint")) }, { file(pipes) }, rules)
        local lines = {}
        for i, finding in ipairs(result.findings) do lines[i] = finding.rule .. ":" .. finding.line end
        assert.same({ "failure_ignored:8", "failure_ignored:9" }, lines)
        assert.equal("", reducing(with("- run: |\n    npm test"),
            with("- run: |\n    npm test\n    continue-on-error: true")))
    end)
end)

describe("what is around checks", function()
    it("is reported where it is gone or weaker, and reduces nothing", function()
        local function strategy(text) return "on: push\njobs:\n  a:\n    runs-on: x\n    strategy: { " .. text
            .. "matrix: { os: [a, b] } }\n    steps: [{ run: make test }]\n" end
        assert.equal("fail_fast", all_rules(strategy("fail-fast: false, "), strategy("")))
        assert.equal("", all_rules(strategy(""), strategy("fail-fast: false, ")))
        local function upload(days) return with("- uses: actions/upload-artifact@v4\n  with: { name: logs, path: x, "
            .. "retention-days: " .. days .. " }") end
        assert.equal("retention_shortened", all_rules(upload(30), upload(1)))
        assert.equal("", all_rules(upload(1), upload(30)))
        assert.equal("", reducing(upload(30), upload(1)))
        local function installing(command) return with("- run: " .. command .. "\n- run: pytest") end
        assert.equal("dependency_removed", all_rules(installing("python -m pip install numpy aesara"),
            installing("python -m pip install numpy")))
        assert.equal("", all_rules(installing("pip install -r a.txt numpy"),
            installing("pip install -r b.txt 'numpy>2'")))
        assert.equal("", all_rules(installing("pip install numpy"), installing("pip install jax")))
    end)
end)

describe("a finding", function()
    it("knows its place, and the patch that undoes it", function()
        local head = with("- name: t\n  run: npm test\n  continue-on-error: true # flaky")
        local finding = guard.compare({ file(with("- name: t\n  run: npm test")) }, { file(head) }, rules).findings[1]
        assert.same({ 9, 9, "test", "t" }, { finding.line, finding.column, finding.job, finding.step })
        assert.matches("\n-        continue-on-error: true # flaky\n", finding.patch, 1, true)
    end)

    it("is accepted by a comment until a day, with a reason", function()
        local function head(day)
            return with("- run: npm test\n  # workflow_guard: allow continue_on_error until " .. day
                .. ": the farm moves\n"
                .. "  continue-on-error: true")
        end
        local base = { file(with("- run: npm test")) }
        local accepted = guard.compare(base, { file(head("2999-01-01")) }, rules)
        assert.is_false(accepted.coverage_reduced)
        assert.equal("the farm moves", accepted.suppressed[1].reason)
        assert.is_true(guard.compare(base, { file(head("2020-01-01")) }, rules).coverage_reduced)
    end)

    it("is that a workflow cannot be read", function()
        local result = guard.compare({ file(with("- run: npm test")) }, { file("on: push\non: push\n") }, rules)
        assert.is_true(result.coverage_reduced)
        assert.same({ "invalid_workflow", 2 }, { result.findings[1].rule, result.findings[1].line })
        assert.is_false(guard.compare({ file("{a") }, { file("{b") }, rules).coverage_reduced)
        assert.is_false(guard.compare({ file("{a") }, { file(with("- run: npm test")) }, rules).coverage_reduced)
    end)

    it("is never one of a workflow that is written in another way", function()
        local base = with("- name: t\n  run: |\n    npm test\n- uses: a/lint@v1\n  with: { a: 1, b: [x] }")
        local value = yaml.decode(base)
        assert.equal("", all_rules(base, yaml.encode(value)))
        assert.equal("", all_rules(base, json.encode(value)))
        assert.equal("", all_rules(base, "# head\n" .. base:gsub("\n", "\r\n")))
    end)

    it("is none for any text that is no workflow", function()
        for _, text in ipairs({ "", "a", "[]", "jobs: x", "jobs: {a: }", "jobs: {a: {steps: x}}",
            "on: 1\njobs: {a: {steps: [1, null]}}",
            "jobs: {a: {strategy: {matrix: [1]}}}", "jobs: {a: {needs: {b: 1}, env: x, if: [1]}}" }) do
            assert.equal("", reducing(text, text .. " "), text)
            assert.equal("string", type(reducing(with("- run: npm test"), text)))
        end
    end)
end)

describe("conditions", function()
    it("hold, do not hold, or cannot be known", function()
        local expressions = require("lib.workflow_guard.expressions")
        local context = { event = "push", combination = { os = "windows-2025", ["a.b"] = 1 }, runner_os = "Windows" }
        for text, wanted in pairs({
            ["true"] = true, ["${{ false }}"] = false, ["!false"] = true, ["always() && false"] = false,
            ["github.event_name == 'push'"] = true, ["matrix.os != 'windows-2025'"] = false, ["matrix.x"] = false,
            ["startsWith(matrix.os, 'win') && runner.os == 'windows'"] = true, ["matrix.a.b == 1"] = true,
            ["matrix['os'] == 'x' || 'it''s'"] = true, ["(failure() || cancelled())"] = false, [""] = true,
        }) do
            assert.equal(wanted, expressions.holds(expressions.parse(text), context), text)
        end
        for _, text in ipairs({ "github.ref == 'x'", "secrets.A", "!steps.a.outputs.b", "f(", "'", "&&",
            "a && true" }) do
            assert.is_nil(expressions.holds(expressions.parse(text), context), text)
        end
        assert.is_false(expressions.holds(expressions.parse("github.ref == 'x' && false"), context))
    end)

    it("are unknown where they open more levels than anybody reads", function()
        local expressions = require("lib.workflow_guard.expressions")
        for _, opening in ipairs{ "(", "f(", "a[", "!" } do
            local condition = expressions.parse(opening:rep(9000) .. "a")
            assert.same({ "unknown" }, { condition.op, expressions.holds(condition, {}) })
            assert.equal("string", type(expressions.text(condition)))
        end
        assert.is_true(expressions.holds(expressions.parse(("("):rep(100) .. "true" .. (")"):rep(100)), {}))
    end)
end)

describe("a change of very many steps", function()
    local function steps(count, format)
        local lines = {}
        for i = 1, count do lines[i] = format:format(i, i) end
        return with(table.concat(lines, "\n"))
    end

    it("is not compared, and counts as less checked, when 3,000 steps replace 3,000 others", function()
        local old, new = steps(3000, "- run: make test-%d"), steps(3000, "- run: pytest tests/part_%d.py")
        assert.equal("too_many_changes", reducing(old, new))
        local finding = guard.compare({ file(old) }, { file(new) }, rules).findings[1]
        assert.equal("too many steps changed to tell moved ones from removed ones", finding.message)
    end)

    it("is compared when all but a few of 3,000 steps are the same", function()
        local old = steps(3000, "- run: make test-%d")
        assert.equal("", all_rules(old, old .. "      - run: make lint\n"))
        assert.equal("step_removed", reducing(old, (old:gsub("      %- run: make test%-1500\n", ""))))
    end)

    it("does not keep other files from being compared", function()
        local old, new = steps(3000, "- run: make test-%d"), steps(3000, "- run: pytest tests/part_%d.py")
        local result = guard.compare({ file(old, "a.yml"), file(with("- run: make test\n- run: make lint"), "b.yml") },
            { file(new, "a.yml"), file(with("- run: make test"), "b.yml") }, rules)
        local found = {}
        for _, finding in ipairs(result.findings) do found[finding.file] = finding.rule end
        assert.same({ ["a.yml"] = "too_many_changes", ["b.yml"] = "step_removed" }, found)
    end)
end)

describe("the labelled pairs", function()
    it("are told apart", function()
        local data = (os.getenv("UHOST_SOURCE") or ".") .. "/../shared/data/workflow_pairs_dev"
        if not fs.exists(data .. ".tar.xz") then return pending("needs ../shared/data") end
        expect.in_folder({}, function(folder)
            process.run({ "tar", "xf", data .. ".tar.xz", "-C", folder, check = true })
            local counts = { reduced = 0, found = 0, right = 0 }
            for line in fs.read(data .. ".jsonl"):gmatch("[^\n]+") do
                local row = json.decode(line)
                local before, after = fs.read(fs.join(folder, row.pair, "before.yml")), fs.read(fs.join(folder,
                    row.pair,
                    "after.yml"))
                local found = guard.compare({ file(before) }, { file(after) }, rules).coverage_reduced
                assert.equal("", all_rules(before, before .. "\n# the end\n"), row.pair)
                local is_reduced = row.label == "coverage_reduced"
                counts.reduced = counts.reduced + (is_reduced and 1 or 0)
                counts.found = counts.found + (found and 1 or 0)
                counts.right = counts.right + (found and is_reduced and 1 or 0)
            end
            assert.is_true(counts.right / counts.found >= 0.95, "precision")
            assert.is_true(counts.right / counts.reduced >= 0.95, "recall")
        end)
    end)
end)

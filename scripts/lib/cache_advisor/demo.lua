-- The demonstration: workflows with every kind of mistake, and four weeks of their runs.
local M = {}

local workflow = [[
name: CI
on: [push, pull_request]
permissions: { contents: read }
jobs:
  rust:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-24.04, macos-15]
    steps:
      - uses: actions/checkout@v6
      - uses: actions/cache@v5
        with:
          path: target # shared by both systems
          key: cargo-${{ hashFiles('Cargo.lock') }}
      - name: Test
        run: cargo test
  web:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: "24"
      - name: Install
        run: npm ci
      - run: npm test
  docs:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v6
      - uses: actions/cache@v5
        with:
          path: ~/Library/Caches/pip
          key: v1-pip-${{ github.sha }}
      - name: Install
        run: pip install -r requirements.txt
]]

local function durations(history, job, count, steps)
    local id = "ci.yml\0" .. job
    history.jobs[id] = { workflow = "ci.yml", name = job, count = count, durations = {} }
    history.steps[id] = {}
    for step, duration_s in pairs(steps) do
        history.steps[id][step] = {}
        for i = 1, count do history.steps[id][step][i] = duration_s + i % 5 end
    end
    for i = 1, count do history.jobs[id].durations[i] = 600 + i % 7 end
end

--- What `advise` takes.
function M.world()
    local history = { basis = "durations of steps of four weeks that were made up", weeks = 4, jobs = {}, steps = {} }
    durations(history, "rust (ubuntu-24.04)", 160, { Test = 240 })
    durations(history, "rust (macos-15)", 160, { Test = 300 })
    durations(history, "web", 160, { Install = 55, ["Run npm test"] = 80 })
    durations(history, "docs", 160, { Install = 30 })
    return {
        workflows = { { path = ".github/workflows/ci.yml", text = workflow } }, history = history, lock_changes = 3,
        files = { "Cargo.lock", "src/main.rs", "package-lock.json", "requirements.txt" },
        read = function() return nil end,
    }
end

return M

-- The checks of every change, with the actions that they use: caches, and a terminal on the runner of a failed job.
local cache_layers = require("lib.cache_layers")
local languages = require("lib.scaffold.languages")
local template = require("lib.scaffold.template")

local M = {}

-- The workflow --------------------------------------------------------------------------------------------------------

local workflow = [==[
# What every change has to pass: format, lint and compiler, tests on three systems, and known vulnerabilities.
#
# Make "CI passed" the one required check: it waits for all jobs, however many the matrix has.
name: CI

on:
  push:
    branches: [<<branch>>]
  pull_request:
  merge_group:
  schedule:
    # Vulnerabilities become known without any change here.
    - cron: "41 4 * * 3"
  workflow_dispatch:
    inputs:
      debug:
        description: Open a terminal on the runner of a test job that fails, for whoever starts this run
        type: boolean
        default: false

permissions:
  contents: read

# A newer push to a pull request makes the older one's run pointless; on branches every commit is checked.
concurrency:
  group: ci-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}
  cancel-in-progress: true

defaults:
  run:
    shell: bash

jobs:
  check:
    name: Check
    runs-on: <<runner:linux>>
    timeout-minutes: 30
    steps:
      <<begin>>
      - name: Format
        <<format>>
      - name: Lint
        <<lint>>
      - name: Check
        <<check>>

  test:
    name: Test (${{ matrix.os }}, ${{ matrix.<<axis>> }})
    runs-on: ${{ matrix.os }}
    timeout-minutes: 60
    strategy:
      fail-fast: false
      matrix:
        <<matrix>>
    steps:
      <<begin_test>>
      - name: Test
        <<test>>
      - name: Debug
        if: failure() && (inputs.debug || contains(github.event.head_commit.message, '[debug]'))
        uses: ./.github/actions/debug
        timeout-minutes: 30

  security:
    name: Security
    runs-on: <<runner:linux>>
    timeout-minutes: 30
    steps:
      <<begin>>
      - name: Security
        <<security>>

  passed:
    name: CI passed
    if: always()
    needs: [check, test, security]
    runs-on: <<runner:linux>>
    timeout-minutes: 5
    permissions: {}
    steps:
      - name: Every job succeeded
        env:
          RESULTS: ${{ join(needs.*.result, ' ') }}
        run: |
          echo "check, test, security: $RESULTS"
          for result in $RESULTS; do
            if [ "$result" != success ]; then exit 1; fi
          done
]==]

local begin = [==[
- name: Check out
  uses: <<uses:actions/checkout>>
  with:
    persist-credentials: false
<<setup>>
- name: Restore caches
  uses: ./.github/actions/cache
  with:
    toolchain: <<toolchain>>
<<install>>
]==]

-- A key `run` with a script of one line or of many.
local function run_of(text, env)
    local lines = env and ("env:\n  %s\n"):format(env) or ""
    if not text:find("\n") then return ("%srun: %s"):format(lines, text) end
    return ("%srun: |\n  %s"):format(lines, (text:gsub("\n", "\n  ")))
end
M.run_of = run_of

local function indented(text) return (text:gsub("\n", "\n  ")) end

local function begin_of(language, project, toolchain)
    local install = language.install and ("- name: Install what the project needs\n  "
        .. indented(run_of(language.install(project)))) or ""
    return template.fill(begin, {
        setup = language.setup(project, toolchain):gsub("\n$", ""), install = install,
        toolchain = toolchain:find("^%d") and ('"%s"'):format(toolchain) or toolchain,
    }):gsub("\n+$", "")
end

--- The first steps of a job: check out, tools, caches, what the project needs.
---@param project scaffold.Project
---@return string
function M.begin(project)
    local language = languages[project.language]
    return (begin_of(language, project, language.toolchain))
end

---@param project scaffold.Project
---@return table<string, string>
function M.ci(project)
    local language = languages[project.language]
    local matrix, axis = languages.matrix(project)
    local env = axis == "build_type" and "BUILD_TYPE: ${{ matrix.build_type }}" or nil
    local values = {
        branch = project.branch, axis = axis, matrix = matrix,
        begin = M.begin(project), begin_test = begin_of(language, project, ("${{ matrix.%s }}"):format(axis)),
        test = run_of(language.test(project), env),
    }
    for _, step in ipairs({ "format", "lint", "check", "security" }) do
        values[step] = run_of(language[step](project))
    end
    local files = { [".github/workflows/ci.yml"] = template.fill(workflow, values) }
    for _, needed in ipairs({ M.cache(project), M.debug(), language.files and language.files(project) or {} }) do
        for path, text in pairs(needed) do files[path] = text end
    end
    return files
end

-- Caches --------------------------------------------------------------------------------------------------------------

local cache_head = [==[
# The caches of a job, layer by layer. The key of each layer begins with a version: another one starts it anew, for
# all branches, when what is in it has gone bad.
name: Caches
description: Restores what earlier jobs fetched and built, and saves it when the job succeeded
inputs:
  version:
    description: A prefix of every key
    default: v1
  toolchain:
    description: The version of the compiler or interpreter; what one has built is of no use to another
    required: true
  staging-path:
    description: Folders of something else that the job needs to run, such as a database or an SDK
    default: ""
  staging-key:
    description: What their content depends on, such as a version
    default: ""
runs:
  using: composite
  steps:
    <<layers>>
    - name: What the job needs to run
      if: inputs.staging-path != ''
      uses: <<uses:actions/cache>>
      with:
        path: ${{ inputs.staging-path }}
        key: ${{ inputs.version }}-staging-${{ runner.os }}-${{ runner.arch }}-${{ inputs.staging-key }}
]==]

local layer_step = [==[
- name: Restore <<says>>
  uses: <<uses:actions/cache>>
  with:
    path: |
      <<path>>
    key: <<key>>
    restore-keys: |
      <<restore>>
]==]

local function hash_files(patterns)
    local quoted = {}
    for i, pattern in ipairs(patterns) do quoted[i] = ("'%s'"):format(pattern) end
    return ("${{ hashFiles(%s) }}"):format(table.concat(quoted, ", "))
end

-- Tools and build outputs are of a job: another one installs and builds something else.
local function keys_of(language, layer)
    local prefix = ("${{ inputs.version }}-%s-%s-${{ runner.os }}-${{ runner.arch }}-"):format(language, layer.id)
    if layer.id == "tools" then prefix = prefix .. "${{ github.job }}-" end
    if layer.id ~= "build" then return prefix .. hash_files(layer.hash), prefix end
    prefix = prefix .. "${{ inputs.toolchain }}-${{ github.job }}-"
    local by_dependencies = prefix .. hash_files(layer.hash) .. "-"
    return by_dependencies .. hash_files(layer.sources), by_dependencies .. "\n" .. prefix
end

---@param project scaffold.Project
---@return table<string, string>
function M.cache(project)
    local layers, steps = cache_layers.layers[project.language], {}
    for i, layer in ipairs(layers) do
        local key, restore = keys_of(project.language, layer)
        local path = table.concat(cache_layers.paths(layer), "\n")
        steps[i] = template.fill(layer_step, { says = layer.says, path = path, key = key, restore = restore })
            :gsub("\n$", "")
    end
    return { [".github/actions/cache/action.yml"] = template.fill(cache_head, { layers = table.concat(steps, "\n") }) }
end

-- Debugging -----------------------------------------------------------------------------------------------------------

local debug_action = [==[
# A terminal on the runner of a job that failed, by way of tmate.io. Only whoever started the run gets in, with the SSH
# keys of their GitHub account. It ends when they leave it, or by `timeout-minutes` of the step that uses this action:
#
#     - name: Debug
#       if: failure() && (inputs.debug || contains(github.event.head_commit.message, '[debug]'))
#       uses: ./.github/actions/debug
#       timeout-minutes: 30
#
# A session can do what the job can: do not use it in jobs with secrets.
name: Debug session
description: Opens a terminal on this runner for whoever started the run
runs:
  using: composite
  steps:
    - name: Open a terminal
      uses: <<uses:mxschmitt/action-tmate>>
      with:
        limit-access-to-actor: true
]==]

---@return table<string, string>
function M.debug()
    return { [".github/actions/debug/action.yml"] = template.fill(debug_action) }
end

return M

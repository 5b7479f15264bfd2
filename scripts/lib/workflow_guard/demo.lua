-- The demonstration: a workflow before and after somebody "fixed" it.
local M = {}

local path = ".github/workflows/ci.yml"

local base = [[
name: CI
on:
  push: { branches: [main] }
  pull_request:
permissions: { contents: read }
jobs:
  lint:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v5
      - run: npm run lint
  test:
    needs: lint
    runs-on: ${{ matrix.os }}
    timeout-minutes: 30
    strategy:
      matrix:
        os: [ubuntu-24.04, windows-2025, macos-15]
        node: [22, 24]
    steps:
      - uses: actions/checkout@v5
      - name: Unit tests
        run: npm test
      - name: End to end
        run: npx playwright test
      - name: Report
        run: npm run coverage
  security:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: npm audit --audit-level=high
]]

local head = [[
name: CI
on:
  push: { branches: [main] }
  pull_request:
    paths: ["src/**"]
permissions: { contents: read }
jobs:
  style:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v5
      - run: pnpm run lint
  test:
    needs: style
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-24.04, macos-15]
        node: [22, 24]
    steps:
      - uses: actions/checkout@main
      - name: Unit tests
        run: npm test || true
      - name: End to end
        # workflow_guard: allow continue_on_error until 2099-12-31: the browser farm moves until then
        continue-on-error: true
        run: npx playwright test
      - name: Report
        if: false
        run: npm run coverage
      - run: echo "${{ github.event.pull_request.title }}"
]]

M.base = { { path = path, text = base } }
M.head = { { path = path, text = head } }

return M

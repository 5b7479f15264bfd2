-- What workflows share in which uhost itself runs.
local template = require("lib.scaffold.template")

local M = {}

-- The steps before uhost runs, in a container of Debian 12. What is kept lies in folders of the container itself: the
-- expression github.workspace would name one of the machine outside.
local prepare = [==[
- name: Install git
  run: |
    apt-get update -q && apt-get install -y -q --no-install-recommends ca-certificates git
    # The folder belongs to another user than the container's.
    git config --global --add safe.directory "$PWD<<below>>"
<<checkout>>
- name: Check out uhost
  uses: <<uses:actions/checkout>>
  with:
    repository: ${{ vars.UHOST || github.repository }}
    path: uhost
    persist-credentials: false
- name: Keep what the compiler made of uhost
  uses: <<uses:actions/cache>>
  with:
    path: /var/cache/ccache
    key: v1-uhost-debian12-${{ runner.arch }}-${{ hashFiles('uhost/host/**', 'uhost/api/**') }}
    restore-keys: v1-uhost-debian12-${{ runner.arch }}-
<<state>>
]==]

local checkout = [==[
- name: Check out the repository
  uses: <<uses:actions/checkout>>
  with:
    persist-credentials: false
]==]

local state = [==[
- name: Keep what is known of earlier runs
  uses: <<uses:actions/cache>>
  with:
    path: /var/lib/uhost
    key: v1-uhost-<<what>>-${{ github.run_id }}-${{ github.run_attempt }}-${{ github.job }}
    restore-keys: v1-uhost-<<what>>-
]==]

local function stripped(text) return (text:gsub("\n+$", "")) end

--- The steps before uhost runs.
---@param options { checkout?: string, below?: string, state?: string }  checkout: the step that fetches the repository;
---  below: the folder that it fetches it to, as "/folder"; state: what the state is called that later runs go on with
---@return string
function M.prepare(options)
    return stripped(template.fill(prepare, {
        checkout = stripped(template.fill(options.checkout or checkout)), below = options.below or "",
        state = options.state and stripped(template.fill(state, { what = options.state })) or "",
    }))
end

--- A workflow of that name. `<<prepare>>` in its text is these steps.
---@param name string
---@param text string
---@param options table  of `prepare`
---@param values? table<string, string>
---@return table<string, string> files
function M.of(name, text, options, values)
    values = values or {}
    values.prepare = M.prepare(options)
    return { [(".github/workflows/%s.yml"):format(name)] = template.fill(text, values) }
end

return M

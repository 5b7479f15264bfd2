-- Edits that install what a build lacks: targets and versions of Rust, packages of the system.
local model = require("lib.workflow_guard.model")
local steps = require("lib.workflow_patch.steps")

local M = {}

-- Rust ----------------------------------------------------------------------------------------------------------------

local toolchain_actions = {
    { match = "^dtolnay/rust%-toolchain@", targets = "targets", components = "components" },
    { match = "^actions%-rust%-lang/setup%-rust%-toolchain@", targets = "target", components = "components" },
    { match = "^actions%-rs/toolchain@", targets = "target", components = "components" },
    { match = "^moonrepo/setup%-rust@", targets = "targets", components = "components" },
}

local function toolchain_step(place)
    for _, action in ipairs(toolchain_actions) do
        local position, step = steps.step_using(place, action.match)
        if position then return position, step, action end
    end
end

-- A target of the matrix is meant for its own combination only.
local function of_matrix(place, value)
    for key, known in pairs(place.combination or {}) do
        if tostring(known) == value then return ("${{ matrix.%s }}"):format(key) end
    end
    return value
end

-- With a toolchain file, rustup takes another toolchain than the action has set up.
local function has_toolchain_file(place)
    return place.read and (place.read("rust-toolchain.toml") or place.read("rust-toolchain")) ~= nil
end

local function rust_part(place, name, input, command)
    if not steps.is_plain(name) then return nil, "the log does not name it" end
    local value = of_matrix(place, name)
    local position, step, action = toolchain_step(place)
    if position and not has_toolchain_file(place) then
        local known = step.with[action[input]]
        known = known ~= nil and known ~= json.null and tostring(known) or nil
        if not (known and known:find(value, 1, true)) then
            local list = known and known ~= "" and known .. ", " .. value or value
            return { changes = { steps.with_input(place, position, action[input], list) },
                what = ("The step that installs the toolchain installs `%s`, too."):format(name) }
        end
    end
    local change, why = steps.before_failing(place, { name = "Add what the build needs", run = command:format(value) })
    if not change then return nil, why end
    return { changes = { change }, what = ("A step in front of the failing one adds `%s`."):format(name) }
end

function M.rust_target(place, proposal)
    return rust_part(place, proposal.target, "targets", "rustup target add %s")
end

function M.rust_component(place, proposal)
    return rust_part(place, proposal.component, "components", "rustup component add %s")
end

function M.rust_version(place, proposal)
    if not (proposal.version or ""):find("^%d[%d%.]*$") then return nil, "the log does not name the version" end
    local position, step = toolchain_step(place)
    if not position then return nil, "no step of the job installs a toolchain" end
    local given, tag = step.with.toolchain, step.uses:match("@(%d[%d%.]*)$")
    local what = ("The toolchain is Rust %s."):format(proposal.version)
    if given ~= nil and tostring(given):find("^%d") then
        return { changes = { steps.with_input(place, position, "toolchain", proposal.version) }, what = what }
    elseif tag then
        local uses = step.uses:gsub("@.*$", "") .. "@" .. proposal.version
        return { changes = { { path = steps.step_path(place, position, "uses"), set = uses } }, what = what }
    end
    return nil, "the version of the toolchain comes from elsewhere"
end

-- Packages ------------------------------------------------------------------------------------------------------------

local managers = {
    { os = "Linux", key = "apt", first = "apt-get update && ", install = "apt-get install -y %s" },
    { os = "macOS", key = "brew", install = "brew install %s" },
    { os = "Windows", key = "choco", install = "choco install -y --no-progress %s" },
}

local function package_for(packages, kind, name)
    if not name then return nil end
    for _, package in ipairs(packages) do
        for _, known in ipairs(package[kind] or {}) do
            if known == name or known:sub(-1) == "/" and name:sub(1, #known) == known then return package end
        end
    end
end

local function systems_of(place)
    local set = {}
    for _, combination in ipairs(place.combination and { place.combination } or place.job.combinations) do
        local system = model.runner_os(place.job.runs_on, combination)
        if system then set[system] = true end
    end
    return set
end

local function runs_on_several(place)
    local first
    for _, combination in ipairs(place.job.combinations) do
        local system = model.runner_os(place.job.runs_on, combination) or "?"
        if first and system ~= first then return true end
        first = system
    end
    return false
end

-- A step in front of the failing one that installs with apt-get already, and where its command ends.
local function apt_step(place)
    for i = 1, (place.position or 1) - 1 do
        local run = place.job.steps[i].run or ""
        local first, last = run:find("apt%-get install[^\n;|&#\\]*[^%s;|&#\\]")
        if first and not run:find("^%s*\\", last + 1) then return i, run, last end
    end
end

local function install_step(manager, package, place)
    local sudo = manager.os == "Linux" and not place.job.container and "sudo " or ""
    local run = sudo .. manager.install:format(package)
    if manager.first then run = sudo .. manager.first .. run end
    local step = { name = ("Install %s"):format(package), run = run }
    if runs_on_several(place) then step["if"] = ("runner.os == '%s'"):format(manager.os) end
    return step
end

function M.packages(place, proposal, policy)
    local package = package_for(policy.packages, proposal.kind, proposal.name)
    if not package then return nil, "no package is known that has it" end
    local systems, changes, names = systems_of(place), {}, {}
    for _, manager in ipairs(managers) do
        local name = systems[manager.os] and package[manager.key]
        local position, run, last
        if name and manager.key == "apt" then position, run, last = apt_step(place) end
        if position then
            changes[#changes + 1] = { path = steps.step_path(place, position, "run"),
                set = run:sub(1, last) .. " " .. name .. run:sub(last + 1) }
        elseif name then
            local change, why = steps.before_failing(place, install_step(manager, name, place))
            if not change then return nil, why end
            changes[#changes + 1] = change
        end
        if name then names[#names + 1] = ("`%s` on %s"):format(name, manager.os) end
    end
    if #changes == 0 then return nil, "it is not known as a package of the system that the job runs on" end
    return { changes = changes, what = ("%s is installed before the build."):format(table.concat(names, ", ")) }
end

function M.step_before(place, proposal)
    local change, why = steps.before_failing(place, { name = proposal.name, run = proposal.run })
    if not change then return nil, why end
    return { changes = { change }, what = ("A step in front of the failing one runs `%s`."):format(proposal.run) }
end

return M

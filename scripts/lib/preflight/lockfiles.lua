-- Whether a lock file is in step with its manifest: what differs first, for each kind of lock file; nil when nothing
-- does. Names and ranges are compared, so that nothing has to be installed.
local M = {}

local function first_missing(wanted, locked)
    for _, name in ipairs(tables.sorted_keys(wanted)) do
        if locked[name] == nil then return name end
    end
end

local function differing(wanted, locked)
    for _, name in ipairs(tables.sorted_keys(wanted, locked)) do
        if wanted[name] ~= locked[name] then return name end
    end
end

local node_groups = { "dependencies", "devDependencies", "optionalDependencies" }

local function node_ranges(manifest)
    local ranges = {}
    for _, group in ipairs(node_groups) do
        for name, range in pairs(manifest[group] or {}) do ranges[name] = range end
    end
    return ranges
end

local function npm(manifest, lock)
    local root = (json.decode(lock).packages or {})[""] or {}
    return differing(node_ranges(json.decode(manifest)), node_ranges(root))
end

local function pnpm(manifest, lock)
    local value, locked = yaml.decode(lock), {}
    local importer = (value.importers or {})["."] or value
    for _, group in ipairs(node_groups) do
        for name, entry in pairs(importer[group] or {}) do
            locked[name] = type(entry) == "table" and entry.specifier or (value.specifiers or {})[name] or entry
        end
    end
    return differing(node_ranges(json.decode(manifest)), locked)
end

-- `"name@range", name@other:` heads an entry, in both of its forms.
local function yarn(manifest, lock)
    local keys = {}
    for line in lock:gmatch("[^\r\n]+") do
        if line:find("^[\"%w@]") and line:find(":%s*$") then
            for key in line:gsub(":%s*$", ""):gsub('"', ""):gmatch("[^,]+") do
                key = key:match("^%s*(.-)%s*$")
                keys[key], keys[(key:gsub("@npm:", "@", 1))] = true, true
            end
        end
    end
    for name, range in pairs(node_ranges(json.decode(manifest))) do
        local is_local = range:find("^workspace:") or range:find("^link:") or range:find("^file:")
        if not is_local and not keys[name .. "@" .. range] then return name end
    end
end

local function cargo(manifest, lock)
    local value, locked, versions = toml.decode(manifest), {}, {}
    for _, package in ipairs(toml.decode(lock).package or {}) do
        locked[package.name], versions[package.name .. " " .. package.version] = true, true
    end
    local own = value.package
    if own and type(own.version) == "string" and not versions[own.name .. " " .. own.version] then return own.name end
    local wanted = {}
    for _, group in ipairs({ "dependencies", "dev-dependencies", "build-dependencies" }) do
        for name, entry in pairs(value[group] or {}) do
            wanted[type(entry) == "table" and entry.package or name] = true
        end
    end
    return first_missing(wanted, locked)
end

local function go(manifest, lock)
    local sums = {}
    for module, version in lock:gmatch("(%S+) (%S+) h1:") do
        sums[module .. " " .. version:gsub("/go%.mod$", "")] = true
    end
    local replaced = {}
    for module in manifest:gmatch("\n%s*replace%s+(%S+)") do replaced[module] = true end
    local required = manifest:gsub("//[^\n]*", "")
    for module, version in required:gmatch("(%S+%.%S+)%s+(v%d%S*)") do
        if not replaced[module] and not sums[module .. " " .. version] then return module .. " " .. version end
    end
end

local function normalized(name) return (name:lower():gsub("[%-_.]+", "-")) end

-- The packages that a pyproject.toml names, for Poetry and by PEP 621.
local function python_names(manifest)
    local value, names = toml.decode(manifest), {}
    local poetry = (value.tool or {}).poetry or {}
    for name in pairs(poetry.dependencies or {}) do
        if name ~= "python" then names[normalized(name)] = true end
    end
    for _, group in pairs(poetry.group or {}) do
        for name in pairs(group.dependencies or {}) do names[normalized(name)] = true end
    end
    for _, text in ipairs((value.project or {}).dependencies or {}) do
        names[normalized(text:match("^%s*([%w%._%-]+)") or text)] = true
    end
    return names
end

local function python(manifest, lock)
    local locked = {}
    for _, package in ipairs(toml.decode(lock).package or {}) do locked[normalized(package.name)] = true end
    return first_missing(python_names(manifest), locked)
end

local function bundler(manifest, lock)
    local section = lock:match("\nDEPENDENCIES\n(.-)\n%S") or lock:match("\nDEPENDENCIES\n(.*)$")
    local locked, wanted = {}, {}
    for name in (section or ""):gmatch("  ([%w%._%-]+)") do locked[name] = true end
    for name in ("\n" .. manifest):gmatch("\n%s*gem%s*%(?%s*[\"']([%w%._%-]+)[\"']") do wanted[name] = true end
    return first_missing(wanted, locked)
end

local function composer(manifest, lock)
    local value, locked, wanted = json.decode(lock), {}, {}
    for _, group in ipairs({ "packages", "packages-dev" }) do
        for _, package in ipairs(value[group] or {}) do locked[package.name] = true end
    end
    local decoded = json.decode(manifest)
    for _, group in ipairs({ "require", "require-dev" }) do
        for name in pairs(decoded[group] or {}) do
            if name:find("/", 1, true) then wanted[name] = true end  -- "php" and "ext-json" are of the platform
        end
    end
    return first_missing(wanted, locked)
end

local readers = {
    ["package-lock.json"] = npm, ["npm-shrinkwrap.json"] = npm, ["pnpm-lock.yaml"] = pnpm, ["yarn.lock"] = yarn,
    ["Cargo.lock"] = cargo, ["go.sum"] = go, ["poetry.lock"] = python, ["uv.lock"] = python,
    ["Gemfile.lock"] = bundler, ["composer.lock"] = composer,
}

--- The manifest of each lock file.
M.manifests = {
    ["package-lock.json"] = "package.json", ["npm-shrinkwrap.json"] = "package.json",
    ["pnpm-lock.yaml"] = "package.json", ["yarn.lock"] = "package.json", ["Cargo.lock"] = "Cargo.toml",
    ["go.sum"] = "go.mod", ["poetry.lock"] = "pyproject.toml", ["uv.lock"] = "pyproject.toml",
    ["Gemfile.lock"] = "Gemfile", ["composer.lock"] = "composer.json",
}

--- What is wrong with a lock file; nil when nothing is, and when there is no manifest.
---@param manifest string  path
---@param lock string  path
---@return string?
function M.problem(manifest, lock)
    local wanted, locked = fs.read(manifest), fs.read(lock)
    if not wanted then return nil end
    local reader = readers[fs.basename(lock)]
    -- Modules without dependencies have no go.sum.
    if not locked and reader == go and not wanted:find("require", 1, true) then return nil end
    if not locked then return ("%s has no %s beside it"):format(manifest, lock) end
    if not reader then return nil end
    local ok, differs = pcall(reader, wanted, locked)
    if not ok then return ("%s or %s is not valid"):format(manifest, lock) end
    return differs and ("%s is not what %s says: %s"):format(lock, manifest, differs) or nil
end

return M

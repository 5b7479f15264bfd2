-- Where a job ran, as far as its name and the labels of its runner say.
local M = {}

local platforms = { { "ubuntu", "linux" }, { "linux", "linux" }, { "debian", "linux" }, { "fedora", "linux" },
    { "alpine", "linux" }, { "macos", "macos" }, { "darwin", "macos" }, { "windows", "windows" },
    { "freebsd", "freebsd" } }
local architectures = { { "arm64", "arm64" }, { "aarch64", "arm64" }, { "armv7", "arm" }, { "%-arm$", "arm64" },
    { "x86_64", "x86_64" }, { "x64", "x86_64" }, { "amd64", "x86_64" }, { "i686", "i686" }, { "riscv64", "riscv64" } }

local function first_of(list, text)
    for _, each in ipairs(list) do
        if text:find(each[1]) then return each[2] end
    end
end

-- GitHub's own runners, whose labels do not name the architecture: macOS from 14 on is on arm64, all else on x86_64.
local function usual_architecture(label)
    local version = tonumber(label:match("^macos%-(%d+)"))
    if label == "macos-latest" or version and version >= 14 then
        return label:find("%-large$") and "x86_64" or "arm64"
    end
    return (label:find("^ubuntu%-") or label:find("^windows%-") or version) and "x86_64" or nil
end

--- The values of a job's matrix, as its name has them: "linux, debug" of "build (linux, debug)"; "" without any.
---@param name string
---@return string
function M.variant_of(name) return name:match("%((.*)%)%s*$") or "" end

--- The platform and architecture of a job; "" for what is not known.
---@param labels string[]  of its runner
---@param name string  of the job, where labels do not say
---@return string platform
---@return string arch
function M.of(labels, name)
    local platform, arch
    for _, label in ipairs(labels) do
        local lower = label:lower()
        platform = platform or first_of(platforms, lower)
        arch = arch or first_of(architectures, lower) or usual_architecture(lower)
    end
    local variant = M.variant_of(name):lower()
    return platform or first_of(platforms, variant) or "", arch or first_of(architectures, variant) or ""
end

return M

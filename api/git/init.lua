-- The Lua half of `git`: iterators over batches that the worker pool reads, and methods built from the native ones.
local native = ...

local M = {}

-- Methods in Lua join the native ones, so that a repository is one object.
local Repository = {}
local extended = false

local function extend(repository)
    if repository and not extended then
        local methods = debug.getmetatable(repository).__index
        for name, method in pairs(Repository) do methods[name] = method end
        extended = true
    end
    return repository
end

function M.open(path) return extend(native.open(path)) end

function M.init(path, options) return extend(native.init(path, options)) end

-- Small batches first, so that the first records come soon.
local function each(walk, smallest, largest)
    local batch, index, size = {}, 0, smallest
    return function()
        index = index + 1
        if index > #batch then
            batch, index = walk:next_batch(size), 1
            size = math.min(size * 2, largest)
        end
        return batch[index]
    end
end

-- Times as options: Unix seconds, or text for `time.parse`. Returns a copy with seconds.
local function with_seconds(options)
    if type(options) ~= "table" then return options end
    local copy = {}
    for key, value in pairs(options) do copy[key] = value end
    for _, key in ipairs { "since", "until" } do
        if type(copy[key]) == "string" then copy[key] = time.parse(copy[key]) end
        if type(copy[key]) == "number" then copy[key] = math.floor(copy[key]) end
    end
    return copy
end

function Repository:log(options)
    return each(native["Repository:log"](self, with_seconds(options)), 16, 512)
end

return M

-- What `uhost doctor` looks at on the machine: libraries, processor, sandbox, disk, locale, terminal, GitHub Actions.
local free_space = require("lib.free_space")
local seq = require("uhost.seq")

local low_disk_bytes = 1024 ^ 3

-- The function of each library that gives its version as text.
local version_functions = {
    ["libgit2"] = "git_libgit2_version", ["libcurl"] = "curl_version", ["libuv"] = "uv_version_string",
    ["libsqlite3"] = "sqlite3_libversion", ["libhs"] = "hs_version", ["libutf8proc"] = "utf8proc_version",
}
local declarations = [[
int git_libgit2_version(int *major, int *minor, int *revision);
const char *curl_version(void);
const char *uv_version_string(void);
const char *sqlite3_libversion(void);
const char *hs_version(void);
const char *utf8proc_version(void);
]]

local function load_all_primitives()
    for _, name in ipairs(fs.list(fs.join(uhost.share, "api"))) do
        if fs.exists(fs.join(uhost.share, "api", name, "init.lua")) then require("uhost." .. name) end
    end
end

local function version_of(ffi, library, name)
    if name ~= "libgit2" then return ffi.string(library[version_functions[name]]()) end
    local parts = ffi.new("int[3]")
    library.git_libgit2_version(parts, parts + 1, parts + 2)
    return ("%d.%d.%d"):format(parts[0], parts[1], parts[2])
end

-- What this process has loaded, not what was there when it was built.
local function loaded_versions()
    local ffi = require("ffi")
    ffi.cdef(declarations)
    local versions = {}
    for line in fs.lines("/proc/self/maps") do
        local path = line:match("(/[^ ]+%.so[%d.]*)$")
        local name = (path or ""):match("/([^/]+)%.so[%d.]*$")
        if version_functions[name] and not versions[name] then
            versions[name] = version_of(ffi, ffi.load(path), name):match("%d[%w.]+")
        end
    end
    return versions
end

local function check_libraries()
    load_all_primitives()
    local versions = loaded_versions()
    versions.uhost, versions.LuaJIT = uhost.version, jit.version:match("LuaJIT (.+)")
    local git = process.run{ "git", "--version" }
    versions.git = git.code == 0 and git.stdout:match("%d[%w.]+") or nil
    local words = {}
    for name in seq(pairs(versions)):sort_by() do words[#words + 1] = name .. " " .. versions[name] end
    return { status = "ok", text = table.concat(words, ", "), details = versions }
end

-- The pattern engine's fast paths want one of these.
local function check_processor()
    local model, flags = jit.arch, ""
    for line in fs.lines("/proc/cpuinfo") do
        model = line:match("^model name%s*: (.+)") or model
        flags = line:match("^flags%s*: (.+)") or flags
    end
    local found = {}
    for _, name in ipairs({ "ssse3", "popcnt", "avx2", "avx512bw" }) do
        if (" " .. flags .. " "):find(" " .. name .. " ", 1, true) then found[#found + 1] = name end
    end
    local text = ("%s; for the pattern engine: %s"):format(model, #found > 0 and table.concat(found, ", ") or "nothing")
    if jit.arch ~= "x64" or found[1] == "ssse3" then return { status = "ok", text = text } end
    return { status = "attention", text = text, fix = "searching logs is slow: use a processor with SSSE3 or newer" }
end

local function check_sandbox()
    local missing = {}
    local layers = policy.sandbox()
    for layer in seq(pairs(layers)):sort_by() do
        if not layers[layer] then missing[#missing + 1] = (layer:gsub("_", " ")) end
    end
    if #missing == 0 then return { status = "ok", text = "all layers hold", details = layers } end
    return { status = "attention", text = "missing: " .. table.concat(missing, ", "), details = layers,
        fix = "uhost check --sandbox says what each layer is for; containers need a profile that allows them" }
end

local function check_disk()
    local folder = uhost.state_folder()
    local free = free_space.bytes(folder)
    if not free then return { status = "unknown", text = "df says nothing of " .. folder } end
    local text = ("%.1f GB are free for %s"):format(free / 1e9, folder)
    if free >= low_disk_bytes then return { status = "ok", text = text, details = { free_bytes = free } } end
    return { status = "attention", text = text, fix = "make room, or choose another state folder: --state DIR" }
end

local function check_locale()
    local name = os.getenv("LC_ALL") or os.getenv("LC_CTYPE") or os.getenv("LANG") or ""
    if name:lower():find("utf%-?8") then return { status = "ok", text = name } end
    return { status = "attention", text = name == "" and "none is set" or name,
        fix = "export LANG=C.UTF-8, or programs that uhost starts may garble names" }
end

local function check_terminal()
    if not term.is_terminal("stdout") then return { status = "ok", text = "standard output is not a terminal" } end
    local colours = term.color("stdout") and "colours" or "no colours"
    return { status = "ok", text = ("%s, %d columns, %s"):format(os.getenv("TERM") or "", term.width(), colours) }
end

local function check_actions()
    if os.getenv("GITHUB_ACTIONS") ~= "true" then
        return { status = "unknown", text = "this is not a run of GitHub Actions" }
    end
    local missing = {}
    for _, name in ipairs({ "GITHUB_STEP_SUMMARY", "GITHUB_REPOSITORY", "GITHUB_RUN_ID" }) do
        if (os.getenv(name) or "") == "" then missing[#missing + 1] = name end
    end
    if #missing == 0 then
        local run, repository = os.getenv("GITHUB_RUN_ID"), os.getenv("GITHUB_REPOSITORY")
        return { status = "ok", text = ("run %s of %s"):format(run, repository) }
    end
    return { status = "attention", text = "not set: " .. table.concat(missing, ", "),
        fix = "pass them into the container or the step's environment" }
end

return {
    { id = "libraries", title = "versions", run = check_libraries },
    { id = "processor", title = "processor", run = check_processor },
    { id = "sandbox", title = "sandbox of policies", run = check_sandbox },
    { id = "disk", title = "disk", run = check_disk },
    { id = "locale", title = "locale", run = check_locale },
    { id = "terminal", title = "terminal", run = check_terminal },
    { id = "actions", title = "GitHub Actions", run = check_actions },
}

-- libuhost as those who link with it find it: its names, its state, and that uhost.h stays as it was released.
local source_root = os.getenv("UHOST_SOURCE")
local build = fs.dirname(fs.dirname(os.getenv("UHOST")))
local library = build .. "/lib/libuhost.so"
local header = source_root and source_root .. "/host/embed/uhost.h"
local released = source_root and source_root .. "/tests/fixtures/uhost.abi"

local function output_of(command)
    command.check = true
    return process.run(command).stdout
end

-- The functions that a header declares, as they are written there.
local function declarations(text)
    local found = {}
    text = ("\n" .. text:gsub("/%*.-%*/", ""))
    for declaration in text:gmatch("\n([a-z][^;{}#\"]-%b());") do
        if not declaration:find("^typedef") then found[#found + 1] = declaration end
    end
    return found
end

local function names(list)
    local found = {}
    for position, declaration in ipairs(list) do found[position] = declaration:match("(uhost_[%w_]+)%(") end
    table.sort(found)
    return found
end

-- The interface that a header stands for, as abidw describes it: of a library with nothing but its functions.
local function interface_of(folder, text)
    local lines = { "#include <stdlib.h>" }
    for _, declaration in ipairs(declarations(text)) do lines[#lines + 1] = declaration .. " { abort(); }" end
    fs.write(folder .. "/uhost.h", text)
    fs.write(folder .. "/stub.c", '#include "uhost.h"\n' .. table.concat(lines, "\n") .. "\n")
    output_of({ "cc", "-g", "-shared", "-fPIC", "-w", "stub.c", "-o", "stub.so", cwd = folder })
    return output_of({ "abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
        "stub.so", cwd = folder })
end

-- The names that a version of the library's symbols has.
local function exported(version)
    local found = {}
    for line in output_of({ "nm", "-D", "--defined-only", library }):gmatch("[^\n]+") do
        local name = line:match(" (%S+)@@" .. version .. "$")
        if name then found[#found + 1] = name end
    end
    table.sort(found)
    return found
end

-- What all hosts of a process share, and why they may.
local shared = {
    ["uhost::(anonymous namespace)::innermost"] = "of each thread: which run is its innermost",
    ["uhost::(anonymous namespace)::signal_number"] = "of the process's InterruptSignal",
    ["uhost::(anonymous namespace)::permission_errors"] = "a constant: that these errors are the caller's mistakes",
    ["uhost::(anonymous namespace)::usage_kinds()::kinds"] = "which errors are the caller's mistakes; behind a lock",
    ["uhost::permissions_of(uhost::HostOptions const&, uhost::Settings const&)::scopes"] =
        "a constant",
    ["uhost::(anonymous namespace)::compile_with_checks(lua_State*)::one_at_a_time"] = "a lock for LuaJIT's profiler",
    ["uhost::(anonymous namespace)::compile_with_checks(lua_State*)::profiled"] = "see there; behind that lock",
    ["uhost::(anonymous namespace)::temporary_folders()::only"] = "what to remove if the process ends; behind a lock",
    ["uhost::process_groups::(anonymous namespace)::groups"] = "what a signal handler of main() is to end; atomic",
    ["uhost::(anonymous namespace)::hook_mask_of(lua_State*)::place"] = "where LuaJIT keeps a byte",
    ["uhost::Locations::find()::found"] = "where the library is",
    ["uhost::Landlock::version()::found"] = "what the kernel offers",
}

-- The names of what is in writable memory, apart from what compilers put there.
local function writable(file)
    local found = {}
    for line in output_of({ "objdump", "-tC", file }):gmatch("[^\n]+") do
        local section, name = line:match("%s(%.t?[db][as][ts][as]?)\t%x+%s+(.+)$")
        name = name and name:gsub("^%.hidden ", "")
        local own = name and not name:find("^%.") and not name:find("^guard variable") and not name:find("^DW%.ref")
            and not name:find("^__") and not name:find("^completed")
        if section and own then found[#found + 1] = name end
    end
    return found
end

describe("libuhost", function()
    if not source_root then return it("stays", function() pending("UHOST_SOURCE names no checkout") end) end

    it("exports the functions of uhost.h under their version, and no other C", function()
        assert.same(names(declarations(fs.read(header))), exported("UHOST_0"))
        for _, version in ipairs({ "UHOST_CXX", "UHOST_PRIVATE" }) do
            for _, name in ipairs(exported(version)) do
                assert.truthy(name:find("5uhost") or name == version, name .. " is not uhost's own")
            end
        end
    end)

    it("keeps nothing that hosts share but for a few things with a reason", function()
        local found = writable(library)
        table.sort(found)
        assert.same(require("uhost.tables").sorted_keys(shared), found)
    end)

    it("keeps the interface of the last release", function()
        local text = fs.read(header)
        local directory = fs.temp_dir()
        local folder = directory:path()
        -- At a release: RELEASE_ABI=1 uhost test tests/e2e/library_spec.lua
        if os.getenv("RELEASE_ABI") == "1" then fs.write(released, interface_of(folder, text)) end
        local function compare(changed)
            fs.write(folder .. "/now.abi", interface_of(folder, changed))
            return process.run({ "abidiff", "--no-added-syms", released, folder .. "/now.abi", cwd = folder })
        end
        local same = compare(text)
        assert.equal(0, same.code, same.stdout .. same.stderr)
        local changes = {
            { "uhost_options_set_memory_limit%(uhost_options %*options, unsigned long long bytes%)",
                "uhost_options_set_memory_limit(uhost_options *options, unsigned int bytes)" },
            { "void uhost_interrupt%(uhost_host %*host%);", "" },
            { "int uhost_run_step%(", "void uhost_run_step(" },
            { "const char %*text, unsigned long long size%);", "const char *text);" },
        }
        for _, change in ipairs(changes) do
            local changed, count = text:gsub(change[1], change[2])
            assert.equal(1, count, change[1])
            local result = compare(changed)
            assert.truthy(result.code > 0, "not noticed: " .. change[2])
        end
        local added = compare((text:gsub("const char %*uhost_version%(void%);", "%0 int uhost_added(void);")))
        assert.equal(0, added.code, added.stdout)
        directory:close()
    end)
end)

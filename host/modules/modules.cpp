#include "host/modules/modules.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>

#include "host/bind/module.hpp"
#include "host/core/file.hpp"
#include "host/lua/errors.hpp"
#include "host/lua/interpreter.hpp"
#include "host/modules/compiled_files.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

// Names become paths: anything but lower-case words is nobody's primitive.
bool is_primitive_name(std::string_view name) {
    return !name.empty() && name.size() < 40 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

constexpr std::size_t max_lua_half_bytes = 1 << 20;
constexpr std::size_t max_excerpt_source_bytes = 1 << 20;
constexpr int lua_file_loader = 2;  // its place in package.loaders

bool readable(const fs::path& path) { return access(path.c_str(), R_OK) == 0; }

const Locations& locations_of(lua_State* L) {
    return *static_cast<const Locations*>(lua_touserdata(L, lua_upvalueindex(3)));
}

// Pushes a Lua file of a primitive as a function. A chunk name that starts with "=uhost" marks the host's own code:
// errors are placed at the script line that called it.
void push_chunk(lua_State* L, const fs::path& file, const std::string& display_path) {
    const auto name = "=uhost/api/" + display_path;
    if (locations_of(L).compiled->push(L, file, name)) return;
    const auto source = read_file(file, max_lua_half_bytes);
    if (luaL_loadbufferx(L, source.data(), source.size(), name.c_str(), "t") != 0) {
        throw Error("module.load", lua_tostring(L, -1));
    }
}

void check_allowed(const Locations& locations, std::string_view name) {
    if (!locations.primitives || name == "json" || name == "tables") return;
    if (locations.primitives->contains(std::string(name))) return;
    throw Error("permission.denied", fmt::format("the script is not allowed to use the primitive '{}'", name))
        .hint("the program that runs the script allows primitives by name (HostOptions::primitives)")
        .with("operand", std::string(name));
}

// Upvalues: 3 the Locations. Pushes the primitive and returns 1, or 0 when there is none of this name.
int load_primitive(bind::Call& call, std::string_view name) {
    lua_State* L = call.state();
    const auto& locations = locations_of(L);
    const auto native = locations.library / fmt::format("{}.so", name);
    const auto half = locations.share / "api" / name / "init.lua";
    const bool has_native = readable(native), has_half = readable(half);
    if (!has_native && !has_half) return 0;
    check_allowed(locations, name);
    if (has_half) push_chunk(L, half, fmt::format("{}/init.lua", name));
    if (has_native) {
        const auto open = load_native(locations, name, fmt::format("luaopen_uhost_{}", name));
        lua_pushcfunction(L, reinterpret_cast<lua_CFunction>(open));
        lua_call(L, 0, 1);
    }
    if (has_half) lua_call(L, has_native ? 1 : 0, 1);
    return 1;
}

// package.loaded["uhost.NAME"], loading it if need be.
int require_primitive(bind::Call& call, std::string_view name) {
    lua_State* L = call.state();
    if (!is_primitive_name(name)) return 0;
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    const auto key = fmt::format("uhost.{}", name);
    lua_getfield(L, -1, key.c_str());
    if (lua_toboolean(L, -1)) return 1;
    lua_pop(L, 1);
    if (load_primitive(call, name) == 0) return 0;
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, key.c_str());
    return 1;
}

// _G's __index. A name that is no primitive is remembered as such, so that testing for an absent global stays cheap.
int index_global(bind::Call& call) {
    lua_State* L = call.state();
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(4));
    if (!lua_isnil(L, -1)) return 0;
    lua_pop(L, 1);
    if (require_primitive(call, call.text(2, "name")) == 0) {
        lua_pushvalue(L, 2);
        lua_pushboolean(L, true);
        lua_rawset(L, lua_upvalueindex(4));
        return 0;
    }
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
}

int return_loaded(lua_State* L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

// "calls.issues" as "calls/issues.lua", or nothing when a word of it could not name a file of ours.
std::optional<std::string> file_of_part(std::string_view part) {
    std::string path;
    for (std::size_t start = 0; start <= part.size();) {
        const auto end = std::min(part.find('.', start), part.size());
        const auto word = part.substr(start, end - start);
        if (!is_primitive_name(word)) return std::nullopt;
        if (!path.empty()) path += '/';
        path += word;
        start = end + 1;
    }
    return path + ".lua";
}

// Pushes the loader of "NAME.PART", share/api/NAME/PART.lua: a piece of a primitive's Lua half. Further dots of PART
// are folders.
int push_part(bind::Call& call, std::string_view name, std::string_view part) {
    const auto path = file_of_part(part);
    if (!is_primitive_name(name) || !path) return 0;
    const auto file = locations_of(call.state()).share / "api" / name / *path;
    if (!readable(file)) return call.give(fmt::format("\n\tno file '{}'", file.string()));
    push_chunk(call.state(), file, fmt::format("{}/{}", name, *path));
    return 1;
}

// One of package.loaders: answers for "uhost.NAME" and "uhost.NAME.PART".
int search_module(bind::Call& call) {
    lua_State* L = call.state();
    const auto name = call.text(1, "name");
    constexpr std::string_view prefix = "uhost.";
    if (!name.starts_with(prefix)) return 0;
    if (const auto dot = name.find('.', prefix.size()); dot != std::string_view::npos) {
        return push_part(call, name.substr(prefix.size(), dot - prefix.size()), name.substr(dot + 1));
    }
    if (require_primitive(call, name.substr(prefix.size())) == 0) {
        return call.give(
            fmt::format("\n\tno primitive '{}' in {}", name.substr(prefix.size()), locations_of(L).library.string()));
    }
    lua_pushcclosure(L, return_loaded, 1);
    return 1;
}

// Raises an error of kind "script", placed in the module, with the line and a caret.
[[noreturn]] void raise_syntax_error(lua_State* L, const std::string& file) {
    std::string source;
    try {
        source = read_file(file, max_excerpt_source_bytes);
    } catch (const Error&) {
        // Then the error shows no line.
    }
    const auto raised = lua::syntax_error(L, source, file);
    lua::push_error(L, raised.error);
    lua_pushlstring(L, raised.where.data(), raised.where.size());
    lua_setfield(L, -2, "where");
    throw lua::RaisedValue(std::make_shared<Reference>(L));
}

// One of package.loaders, in place of Lua's own: answers for files on package.path.
int search_file(bind::Call& call) {
    lua_State* L = call.state();
    call.text(1, "name");
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "searchpath");
    lua_pushvalue(L, 1);
    lua_getfield(L, -3, "path");
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2)) return 1;  // where it was looked for
    const std::string file = lua_tostring(L, -2);
    if (locations_of(L).compiled->push(L, file, "@" + file)) return 1;
    const int status = luaL_loadfile(L, file.c_str());
    if (status == LUA_ERRSYNTAX) raise_syntax_error(L, file);
    if (status != 0)
        throw Error("script", fmt::format("cannot load {}", file)).native(lua_tostring(L, -1)).with("path", file);
    return 1;
}

constexpr bind::Function file_function{"require", search_file};
constexpr bind::Function index_function{"index", index_global};
constexpr bind::Function search_function{"require", search_module};

// In the registry: the system's part of package.path.
constexpr char system_path_key[] = "uhost.system_path";

// Takes the current folder out of a search path.
std::string without_current_folder(std::string path) {
    path.insert(0, ";");
    for (const std::string_view here : {";./?.lua", ";./?.so"}) {
        if (const auto at = path.find(here); at != std::string::npos) path.erase(at, here.size());
    }
    return path.erase(0, 1);
}

// Leaves `package` at the top of the stack, with what it held of the current folder gone.
void clean_search_paths(lua_State* L) {
    lua_getglobal(L, "package");
    for (const char* field : {"path", "cpath"}) {
        lua_getfield(L, -1, field);
        const auto path = without_current_folder(lua_tostring(L, -1));
        lua_pop(L, 1);
        lua_pushlstring(L, path.data(), path.size());
        lua_setfield(L, -2, field);
    }
    lua_getfield(L, -1, "path");
    lua_setfield(L, LUA_REGISTRYINDEX, system_path_key);
}

void push_with_locations(lua_State* L, const bind::Function& function, const Locations& locations) {
    lua_pushlightuserdata(L, const_cast<Locations*>(&locations));
    lua_newtable(L);
    bind::push_function(L, function, "uhost", '.', 2);
}

}  // namespace

namespace {

Locations locations_of_library() {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&Locations::find), &info);
    std::error_code failed;
    auto library = fs::canonical(info.dli_fname != nullptr ? info.dli_fname : "", failed).parent_path();
    // lib/libuhost.so, or lib/x86_64-linux-gnu/libuhost.so: the prefix is where share/uhost is.
    auto prefix = library.parent_path();
    if (!fs::exists(prefix / "share/uhost", failed)) prefix = prefix.parent_path();
    const auto share = prefix / "share/uhost";
    return {library / "uhost", share, std::make_shared<CompiledFiles>(share)};
}

}  // namespace

const Locations& Locations::find() {
    static const Locations found = locations_of_library();
    return found;
}

void* load_native(const Locations& locations, std::string_view name, const std::string& symbol) {
    const auto file = locations.library / fmt::format("{}.so", name);
    void* library = dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);
    void* found = library != nullptr ? dlsym(library, symbol.c_str()) : nullptr;
    if (found != nullptr) return found;
    const char* reason = dlerror();
    throw Error("module.load", fmt::format("cannot load the primitive '{}'", name))
        .hint("the installation is incomplete, or one of its libraries is missing; build or install it again")
        .native(reason != nullptr ? reason : file.string());
}

void install_modules(lua_State* L, const Locations& locations) {
    lua_createtable(L, 0, 1);
    push_with_locations(L, index_function, locations);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, LUA_GLOBALSINDEX);
    clean_search_paths(L);
    lua_getfield(L, -1, "loaders");
    push_with_locations(L, file_function, locations);
    lua_rawseti(L, -2, lua_file_loader);
    // Modules of primitives are not looked for in all folders of the search paths first.
    for (auto place = static_cast<int>(lua_objlen(L, -1)); place >= lua_file_loader; --place) {
        lua_rawgeti(L, -1, place);
        lua_rawseti(L, -2, place + 1);
    }
    push_with_locations(L, search_function, locations);
    lua_rawseti(L, -2, lua_file_loader);
    lua_pop(L, 2);
}

void set_require_path(lua_State* L, const Locations& locations, const fs::path& script_folder) {
    std::string path;
    for (const auto& folder : {script_folder, locations.share / "scripts"}) {
        if (!folder.empty()) path += fmt::format("{0}/?.lua;{0}/?/init.lua;", folder.string());
    }
    lua_getglobal(L, "package");
    lua_getfield(L, LUA_REGISTRYINDEX, system_path_key);
    path += lua_tostring(L, -1);
    lua_pop(L, 1);
    lua_pushlstring(L, path.data(), path.size());
    lua_setfield(L, -2, "path");
    lua_pop(L, 1);
}

}  // namespace uhost

#pragma once

#include <filesystem>
#include <lua.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace uhost {

class CompiledFiles;

/// Where an installed (or built) uhost keeps its parts. Found from the place of the library itself, so that a build tree
/// and any prefix work alike.
struct Locations {
    std::filesystem::path library;  ///< …/lib/uhost: native halves of primitives, NAME.so
    std::filesystem::path share;    ///< …/share/uhost: api/, scripts/, policies/, kb/
    std::shared_ptr<CompiledFiles> compiled;  ///< what files of share/ were compiled to
    /// The primitives that may be loaded; json and tables always may, since uhost itself needs them. Default: all.
    std::optional<std::set<std::string>> primitives = {};

    /// Of this library; found once.
    static const Locations& find();
};

/// Makes primitives loadable in `L`: as globals when first touched (`git.open`), and by `require("uhost.git")`.
/// A primitive NAME is the native module library/NAME.so (luaopen_uhost_NAME), or the Lua half share/api/NAME/init.lua,
/// or both: then the half receives the native table as `...` and returns the primitive.
void install_modules(lua_State* L, const Locations& locations);

/// Sets where `require` looks for Lua modules: `script_folder` (may be empty), then share/scripts, then the system's
/// paths; never the current folder, which may be a stranger's checkout.
void set_require_path(lua_State* L, const Locations& locations, const std::filesystem::path& script_folder);

/// The symbol `symbol` of the native library NAME.so. Throws `module.load`. The library stays loaded.
void* load_native(const Locations& locations, std::string_view name, const std::string& symbol);

}  // namespace uhost

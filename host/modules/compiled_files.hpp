#pragma once

#include <filesystem>
#include <lua.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "host/core/mapped_file.hpp"

namespace uhost {

/// The Lua files of share/ as they were compiled when uhost was built (compile.lua), which are loaded in a tenth of the
/// time that it takes to read them. Each has its source beside it: one that was edited since counts as unknown, as all do
/// for another LuaJIT. From any thread.
class CompiledFiles {
public:
    /// `share` is where the files are, and `cache/lua` of it what they were compiled to. Opens nothing yet.
    explicit CompiledFiles(std::filesystem::path share) : share_(std::move(share)) {}

    /// Pushes the function of a file; false, with nothing pushed, when it is unknown or cannot be read. Errors name it
    /// `chunk_name`, wherever uhost was built.
    bool push(lua_State* L, const std::filesystem::path& file, const std::string& chunk_name);

private:
    struct Compiled {
        std::string_view source, code;
    };

    const Compiled* find(lua_State* L, const std::filesystem::path& file);
    void open(lua_State* L);
    void read_index();

    std::filesystem::path share_;
    std::once_flag opening_;
    std::optional<MappedFile> mapped_;
    std::map<std::string_view, Compiled> files_;  // by path: in share/, or anywhere else
};

}  // namespace uhost

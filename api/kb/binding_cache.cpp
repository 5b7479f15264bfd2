// `kb`: files in the state folder that hold what knowledge bases were read to be.
#include "api/kb/binding_cache.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "api/kb/file_cache.hpp"
#include "host/bind/object.hpp"
#include "host/modules/modules.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"

namespace uhost::kb {
namespace {

using bind::Call;
using bind::Function;

// Checkouts come and go.
constexpr std::size_t max_sets = 10;

FileCache cache_of(Call& call) {
    return FileCache(call.host().state_folder() / "kb_cache", max_sets, shipped_cache(call) / "kb_cache");
}

int part(Call& call);
constexpr Function kept_methods[]{{"part", part}};
const bind::Type<FileCache::Kept> kept_type{{"kb.Kept", kept_methods, nullptr}};

// part(number) -> text or nil
int part(Call& call) {
    const auto& parts = kept_type.from(call).parts();
    const auto number = call.integer(2, "number");
    if (number < 1 || number > static_cast<std::int64_t>(parts.size())) return call.give(nullptr);
    return call.give(parts[static_cast<std::size_t>(number) - 1]);
}

std::vector<std::string_view> read_texts(Call& call, int index, const char* name) {
    call.table(index, name);
    std::vector<std::string_view> texts;
    for (std::size_t i = 1; i <= lua_objlen(call.state(), index); ++i) {
        lua_rawgeti(call.state(), index, static_cast<int>(i));
        std::size_t size = 0;
        if (lua_type(call.state(), -1) != LUA_TSTRING) call.bad_item(index, name, i, "a string");
        const char* text = lua_tolstring(call.state(), -1, &size);
        texts.emplace_back(text, size);  // the table holds it
        lua_pop(call.state(), 1);
    }
    return texts;
}

}  // namespace

std::filesystem::path shipped_cache(const Call& call) { return call.host().locations().share / "cache"; }

// kept(key) -> the parts that were kept under it, or nil
int kept(Call& call) {
    auto found = cache_of(call).read(FileCache::key_of(call.text(1, "key")));
    if (!found) return call.give(nullptr);
    return kept_type.give(call, std::make_shared<FileCache::Kept>(std::move(*found)));
}

// keep(key, parts)
int keep(Call& call) {
    cache_of(call).write(FileCache::key_of(call.text(1, "key")), read_texts(call, 2, "parts"));
    return call.none();
}

// stamps(paths, folder) -> a hash of their sizes and times, the latest time, and the earliest (seconds since 1970);
// `folder` goes before each path, and does not count
int stamps(Call& call) {
    const std::string folder(call.text(2, "folder"));
    std::string all;
    std::int64_t latest = 0, earliest = INT64_MAX;
    for (const auto path : read_texts(call, 1, "paths")) {
        const auto file = folder + std::string(path);
        files::require_reading(call.host(), file);
        struct stat info {};
        const bool is_there = ::stat(file.c_str(), &info) == 0;
        if (!is_there) info = {};
        fmt::format_to(std::back_inserter(all), "{}\n{} {} {} {}\n", path, is_there, info.st_size, info.st_mtim.tv_sec,
                       info.st_mtim.tv_nsec);
        if (!is_there) continue;
        latest = std::max<std::int64_t>(latest, info.st_mtim.tv_sec);
        earliest = std::min<std::int64_t>(earliest, info.st_mtim.tv_sec);
    }
    call.push(FileCache::key_of(all)).push(latest).push(earliest);
    return 3;
}

}  // namespace uhost::kb

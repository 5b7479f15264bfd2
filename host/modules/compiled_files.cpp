#include "host/modules/compiled_files.hpp"

#include <fmt/format.h>

#include <charconv>

#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost {
namespace {

std::string_view text_of(const MappedFile& file) {
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

// What comes before the next `end`, which goes with it.
std::string_view take(std::string_view& text, char end) {
    const auto at = std::min(text.find(end), text.size());
    const auto taken = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return taken;
}

bool has_text(const std::filesystem::path& file, std::string_view text) {
    try {
        return read_file(file, text.size()) == text;
    } catch (const Error&) {
        return false;  // it is larger, or cannot be read
    }
}

std::size_t take_number(std::string_view& text, char end) {
    const auto digits = take(text, end);
    std::size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string field_of_jit(lua_State* L, const char* field) {
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, "jit");
    std::string text;
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, field);
        if (const char* value = lua_tostring(L, -1)) text = value;
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
    return text;
}

std::string number_in_sevens(std::size_t number) {
    std::string bytes;
    for (; number >= 0x80; number >>= 7U) bytes += static_cast<char>(number | 0x80U);
    return bytes + static_cast<char>(number);
}

// The code with another name of its chunk, which stands behind its head: ESC, "LJ", the version, flags and its size
// (http://wiki.luajit.org/Bytecode-2.0). Empty for what is no such code.
std::string with_name(std::string_view code, std::string_view name) {
    constexpr std::size_t head = 5;
    if (code.size() < head || !code.starts_with("\x1bLJ") || (code[head - 1] & 0x80) != 0) return {};
    std::size_t size = 0, at = head;
    for (unsigned shift = 0; at < code.size() && shift < 32; shift += 7) {
        const auto byte = static_cast<unsigned char>(code[at++]);
        size |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) break;
    }
    if (size > code.size() - at) return {};
    std::string named(code.substr(0, head));
    named += number_in_sevens(name.size());
    named += name;
    named += code.substr(at + size);
    return named;
}

}  // namespace

void CompiledFiles::open(lua_State* L) {
    mapped_ = MappedFile::open(share_ / "cache" / "lua");
    if (!mapped_) return;
    auto text = text_of(*mapped_);
    if (take(text, '\n') != fmt::format("uhost lua 1 {} {}", field_of_jit(L, "version"), field_of_jit(L, "arch"))) return;
    read_index();
}

// Lines of path, size of the source and size of the code, up to an empty one; then sources and codes in turn.
void CompiledFiles::read_index() {
    auto index = text_of(*mapped_);
    take(index, '\n');
    const auto end = index.find("\n\n");
    if (end == index.npos) return;
    auto rest = index.substr(end + 2);
    index = index.substr(0, end);
    while (!index.empty()) {
        auto line = take(index, '\n');
        const auto path = take(line, '\t');
        const auto source = take_number(line, '\t'), code = take_number(line, '\t');
        if (source > rest.size() || code > rest.size() - source) return files_.clear();
        files_[path] = {rest.substr(0, source), rest.substr(source, code)};
        rest.remove_prefix(source + code);
    }
}

const CompiledFiles::Compiled* CompiledFiles::find(lua_State* L, const std::filesystem::path& file) {
    std::call_once(opening_, [&] { open(L); });
    const std::string_view path = file.native();
    const auto folder = share_.native() + '/';
    const auto known = files_.find(path.starts_with(folder) ? path.substr(folder.size()) : path);
    return known == files_.end() ? nullptr : &known->second;
}

bool CompiledFiles::push(lua_State* L, const std::filesystem::path& file, const std::string& chunk_name) {
    const auto* known = find(L, file);
    if (known == nullptr) return false;
    if (!has_text(file, known->source)) return false;
    const auto code = with_name(known->code, chunk_name);
    if (code.empty()) return false;
    if (luaL_loadbufferx(L, code.data(), code.size(), chunk_name.c_str(), "b") == 0) return true;
    lua_pop(L, 1);
    return false;
}

}  // namespace uhost

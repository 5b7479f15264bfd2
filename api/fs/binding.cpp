// `fs`: files and folders. Names and paths as text are Lua, in init.lua.
#include <fmt/format.h>

#include "api/fs/binding.hpp"
#include "api/fs/file.hpp"
#include "api/fs/folder.hpp"
#include "host/bind/object.hpp"
#include "host/core/iso_time.hpp"
#include "host/core/temporary_folder.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/stream_masker.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::fs {

std::filesystem::path path_at(const bind::Call& call, int index, const char* name) {
    const auto text = call.text(index, name);
    if (text.empty())
        throw Error("argument", std::string("the path '") + name + "' is empty").hint("name a file or a folder");
    if (text.find('\0') != std::string_view::npos) throw Error("argument", "a path cannot hold a NUL byte");
    return text;
}

std::filesystem::path readable_at(bind::Call& call, int index, const char* name) {
    auto path = path_at(call, index, name);
    static_cast<void>(files::require_reading(call.host(), path));
    return path;
}

}  // namespace uhost::fs

namespace {

using namespace uhost;
using bind::Call;
using bind::Effect;
using bind::Function;
using bind::MutationResult;
using bind::Waits;
using files::Reaches;
using fs::path_at;
using fs::readable_at;

constexpr std::int64_t default_read_limit = 256 << 20, default_line_limit = 16 << 20;

std::size_t limit(const bind::Fields& fields, std::int64_t fallback) {
    const auto bytes = fields.integer_or("limit_bytes", fallback);
    if (bytes < 0) fields.bad_field("limit_bytes", "a number of bytes");
    return static_cast<std::size_t>(bytes);
}

int read(Call& call) {
    const auto options = call.fields(2, "options", {"limit_bytes"});
    return call.give(fs::read(files::require_reading(call.host(), path_at(call, 1, "path")), limit(options, default_read_limit)));
}

// Secrets are masked in what is written, unless the caller says that they belong there.
bool masks(const Call& call) { return call.fields(3, "options", {"mask"}).flag("mask", true); }

int write(Call& call) {
    const auto path = path_at(call, 1, "path");
    const auto masked = masks(call) ? call.host().vault().masked(call.text(2, "content")) : std::nullopt;
    const auto content = masked ? std::string_view(*masked) : call.text(2, "content");
    return call.mutate(files::mutation(call.host(), "fs.write", path, fmt::format("write {} bytes", content.size())), [&] {
        fs::write(path, content);
        return MutationResult{};
    });
}

// A secret may have begun at the end of the file as it is.
std::string masked_after(const Vault& vault, const std::filesystem::path& file, std::string_view content) {
    StreamMasker masker(vault, fs::end_of(file, vault.max_form_bytes()));
    const auto passed = masker.pass(content);
    return passed + masker.finish();
}

int append(Call& call) {
    const auto path = path_at(call, 1, "path");
    const auto& vault = call.host().vault();
    std::string masked;
    auto content = call.text(2, "content");
    if (masks(call) && !vault.hides_nothing()) content = masked = masked_after(vault, path, content);
    return call.mutate(files::mutation(call.host(), "fs.append", path, fmt::format("add {} bytes", content.size())), [&] {
        fs::append(path, content);
        return MutationResult{};
    });
}

int next_line(Call& call);
constexpr Function line_methods[]{{"__call", next_line}};
const bind::Type<fs::LineReader> lines_type{{"fs.Lines", line_methods, nullptr}};

int next_line(Call& call) { return call.give(lines_type.from(call).next()); }

int lines(Call& call) {
    const auto options = call.fields(2, "options", {"limit_bytes"});
    const auto place = files::require_reading(call.host(), path_at(call, 1, "path"));
    return lines_type.give(call, std::make_shared<fs::LineReader>(place, limit(options, default_line_limit)));
}

int exists(Call& call) {
    std::error_code unreadable;
    return call.give(std::filesystem::exists(readable_at(call, 1, "path"), unreadable));
}

int stat(Call& call) {
    const auto options = call.fields(2, "options", {"follow"});
    const auto status = fs::status(readable_at(call, 1, "path"), options.flag("follow", true));
    if (!status) return call.give(nullptr);
    call.new_table(0, 5).field("type", status->type).field("size_bytes", status->size_bytes);
    call.field("modified", iso_time(status->modified_s)).field("mode", status->mode);
    call.field("inode", static_cast<std::int64_t>(status->inode));
    return 1;
}

int list(Call& call) { return call.give(fs::list(readable_at(call, 1, "path"))); }

int next_entry(Call& call);
constexpr Function walk_methods[]{{"__call", next_entry}};
const bind::Type<fs::Walk> walk_type{{"fs.Walk", walk_methods, nullptr}};

int next_entry(Call& call) {
    const auto entry = walk_type.from(call).next();
    if (!entry) return call.give(nullptr);
    call.push(entry->path).push(entry->type);
    return 2;
}

int walk(Call& call) {
    const auto fields = call.fields(2, "options", {"glob", "skip", "depth"});
    fs::Walk::Options options;
    options.glob = fields.text_or("glob", "");
    const auto skip = fields.texts("skip");
    options.skip.insert(skip.begin(), skip.end());
    if (const auto depth = fields.integer("depth"))
        options.depth = static_cast<int>(std::clamp<std::int64_t>(*depth, 1, 1000));
    return walk_type.give(call, std::make_shared<fs::Walk>(readable_at(call, 1, "path"), std::move(options)));
}

int mkdir(Call& call) {
    const auto path = path_at(call, 1, "path");
    auto mutation = files::mutation(call.host(), "fs.mkdir", path, "make a folder");
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) return call.none();
    return call.mutate(std::move(mutation), [&] {
        std::filesystem::create_directories(path, failed);
        if (failed) throw fs::failure("fs.mkdir", "make the folder", path, failed.value());
        return MutationResult{};
    });
}

// Whether there was something.
int remove(Call& call) {
    const bool recursive = call.fields(2, "options", {"recursive"}).flag("recursive", false);
    const auto path = path_at(call, 1, "path");
    const auto summary = recursive ? "remove it, and all that is in it" : "remove it";
    auto mutation = files::mutation(call.host(), "fs.remove", path, summary, Reaches::entry);
    if (!fs::status(path, false)) return call.give(false);
    const auto remove_it = [&] {
        const bool existed = fs::remove(path, recursive);
        return MutationResult{"", [existed](Call& results) { return results.give(existed); }};
    };
    return call.mutate(std::move(mutation), remove_it, [](Call& results) { return results.give(true); });
}

int rename(Call& call) {
    const auto from = path_at(call, 1, "from"), to = path_at(call, 2, "to");
    // A scratch file that moves elsewhere changes that place only.
    auto mutation = files::mutation(call.host(), "fs.rename", from, "rename it to " + to.string(), Reaches::entry);
    auto there = files::mutation(call.host(), "fs.rename", to, "take the place of " + from.string(), Reaches::entry);
    if (mutation.scope == MutationScope::scratch) mutation = std::move(there);
    return call.mutate(std::move(mutation), [&] {
        std::error_code failed;
        std::filesystem::rename(from, to, failed);
        if (failed) throw fs::failure("fs.rename", "rename to " + to.string() + " the file", from, failed.value());
        return MutationResult{};
    });
}

int copy(Call& call) {
    const bool recursive = call.fields(3, "options", {"recursive"}).flag("recursive", false);
    const auto from = readable_at(call, 1, "from"), to = path_at(call, 2, "to");
    return call.mutate(files::mutation(call.host(), "fs.copy", to, "copy " + from.string() + " there"), [&] {
        fs::copy(from, to, recursive);
        return MutationResult{};
    });
}

int symlink(Call& call) {
    const auto target = path_at(call, 1, "target"), path = path_at(call, 2, "path");
    // Whoever follows the link changes what it leads to.
    static_cast<void>(files::mutation(call.host(), "fs.symlink", path.parent_path() / target, ""));
    auto mutation =
        files::mutation(call.host(), "fs.symlink", path, "link it to " + target.string(), Reaches::entry);
    return call.mutate(std::move(mutation), [&] {
        std::error_code failed;
        std::filesystem::create_symlink(target, path, failed);
        if (failed) throw fs::failure("fs.symlink", "make the link", path, failed.value());
        return MutationResult{};
    });
}

// What a symbolic link holds; nil for anything else.
int readlink(Call& call) {
    const auto path = readable_at(call, 1, "path");
    const auto status = fs::status(path, false);
    if (!status || status->type != "symlink") return call.give(nullptr);
    std::error_code failed;
    const auto target = std::filesystem::read_symlink(path, failed);
    if (failed) throw fs::failure("fs.stat", "read the link", path, failed.value());
    return call.give(target.string());
}

int temp_path(Call& call);
constexpr Function temp_methods[]{{"path", temp_path}};
std::string describe_temp(const void* folder) { return static_cast<const TemporaryFolder*>(folder)->path().string(); }
const bind::Type<TemporaryFolder> temp_type{{"fs.TempFolder", temp_methods, describe_temp}};

int temp_path(Call& call) { return call.give(temp_type.from(call).path().string()); }

int temp_dir(Call& call) {
    auto& host = call.host();
    auto folder = std::make_shared<TemporaryFolder>(host.environment().temporary_folder(), "fs.temp_dir");
    files::allow(host, folder->path());
    return temp_type.give(call, std::move(folder));
}

int cwd(Call& call) {
    std::error_code failed;
    const auto folder = std::filesystem::current_path(failed);
    if (failed) throw fs::failure("fs.stat", "find the name of", "the current folder", failed.value());
    return call.give(folder.string());
}

int matches(Call& call) { return call.give(fs::matches(call.text(1, "path"), call.text(2, "pattern"))); }

int absolute(Call& call) {
    const auto path = path_at(call, 1, "path");
    std::error_code failed;
    auto whole = std::filesystem::absolute(path, failed).lexically_normal().string();
    if (failed) throw fs::failure("fs.stat", "find the name of", "the current folder", failed.value());
    if (whole.size() > 1 && whole.ends_with('/')) whole.pop_back();
    return call.give(whole);
}

constexpr Function functions[]{{"read", read},
                               {"write", write, Waits::no, Effect::changes},
                               {"append", append, Waits::no, Effect::changes},
                               {"lines", lines},
                               {"exists", exists},
                               {"stat", stat},
                               {"list", list},
                               {"walk", walk},
                               {"mkdir", mkdir, Waits::no, Effect::changes},
                               {"remove", remove, Waits::no, Effect::changes},
                               {"rename", rename, Waits::no, Effect::changes},
                               {"copy", copy, Waits::no, Effect::changes},
                               {"symlink", symlink, Waits::no, Effect::changes},
                               {"readlink", readlink},
                               {"temp_dir", temp_dir},
                               {"cwd", cwd},
                               {"matches", matches},
                               {"absolute", absolute},
                               {"watch", fs::watch}};

}  // namespace

extern "C" int luaopen_uhost_fs(lua_State* L) { return bind::module(L, "fs", functions); }

#include "api/git/history/tree_paths.hpp"

#include "api/git/history/object_reader.hpp"

namespace uhost::git {
namespace {

constexpr std::uint32_t tree_mode = 0040000;

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (!part.empty() && part != ".") parts.emplace_back(part);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return parts;
}

}  // namespace

std::string plain_path(std::string_view path) {
    const auto refuse = [&](const char* why) {
        return Error("argument", "path '" + std::string(path) + "' " + why)
            .hint("give the path as the repository has it, such as 'tests/crashes'")
            .with("path", std::string(path));
    };
    if (path.starts_with('/')) throw refuse("is absolute");
    if (path.find('\0') != std::string_view::npos) throw refuse("holds a NUL character");
    std::string plain;
    for (const std::string& part : split(path)) {
        if (part == "..") throw refuse("leads out of a folder by '..'");
        if (!plain.empty()) plain += '/';
        plain += part;
    }
    return plain;
}

TreePaths::TreePaths(ObjectReader& reader, std::string_view path)
    : reader_(&reader), parts_(split(path)), known_(parts_.size()) {}

PathEntry TreePaths::find(const Oid& root) {
    PathEntry entry{tree_mode, root};
    for (std::size_t level = 0; level < parts_.size() && entry.is_tree(); ++level) {
        entry = step(level, entry.oid);
        if (!entry.is_tree() && level + 1 < parts_.size()) return {};
    }
    return entry;
}

PathEntry TreePaths::step(std::size_t level, const Oid& tree) {
    Memory& known = known_[level];
    if (const auto place = known.find(tree); place != known.end()) return place->second;
    const PathEntry entry = find_in_tree(*reader_, tree, parts_[level]);
    known.emplace(tree, entry);
    return entry;
}

}  // namespace uhost::git

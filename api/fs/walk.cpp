#include "api/fs/walk.hpp"

#include <cerrno>

#include "api/fs/entry.hpp"
#include "api/fs/glob.hpp"
#include "host/core/error.hpp"

namespace uhost::fs {
namespace {

// Deeper trees are made on purpose.
constexpr std::size_t most_levels = 1000;

}  // namespace

Walk::Walk(std::filesystem::path root, Options options) : root_(std::move(root)), options_(std::move(options)) {
    levels_.push_back({root_, list(root_)});
}

void Walk::enter(const std::filesystem::path& folder) {
    if (options_.depth && levels_.size() >= static_cast<std::size_t>(*options_.depth)) return;
    if (levels_.size() >= most_levels) {
        throw Error("fs.list", "cannot list " + folder.string() + ": it is nested too deeply")
            .with("path", folder.string());
    }
    try {
        levels_.push_back({folder, list(folder)});
    } catch (const Error&) {
        if (status(folder, false)) throw;
    }
}

std::optional<Walk::Entry> Walk::next() {
    if (enter_next_) enter(*std::exchange(enter_next_, std::nullopt));
    while (!levels_.empty()) {
        auto& level = levels_.back();
        if (level.next == level.names.size()) {
            levels_.pop_back();
            continue;
        }
        const auto& name = level.names[level.next++];
        if (options_.skip.contains(name)) continue;
        const auto path = level.folder / name;
        const auto found = status(path, false);
        if (!found) continue;
        if (found->type == "directory") enter_next_ = path;
        if (options_.glob.empty() || matches(path.lexically_relative(root_).string(), options_.glob)) {
            return Entry{path.string(), found->type};
        }
        if (enter_next_) enter(*std::exchange(enter_next_, std::nullopt));
    }
    return std::nullopt;
}

}  // namespace uhost::fs

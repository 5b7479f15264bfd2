#include "api/fs/folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "api/fs/file.hpp"
#include "host/core/error.hpp"

namespace uhost::fs {
namespace {

const char* type_name(mode_t mode) {
    if (S_ISREG(mode)) return "file";
    if (S_ISDIR(mode)) return "directory";
    if (S_ISLNK(mode)) return "symlink";
    if (S_ISFIFO(mode)) return "fifo";
    if (S_ISSOCK(mode)) return "socket";
    return "device";
}

enum class Kind { character, any, set, star, double_star, double_star_slash };

struct Token {
    Kind kind;
    char character = 0;
    std::string_view set = {};
    bool negated = false;

    bool fits(char c) const {
        if (kind == Kind::character) return c == character;
        if (c == '/') return false;
        return kind == Kind::any || in_set(c) != negated;
    }

private:
    bool in_set(char c) const {
        const auto byte = static_cast<unsigned char>(c);
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (i + 2 < set.size() && set[i + 1] == '-') {
                if (byte >= static_cast<unsigned char>(set[i]) && byte <= static_cast<unsigned char>(set[i + 2]))
                    return true;
                i += 2;
            } else if (set[i] == c) {
                return true;
            }
        }
        return false;
    }
};

// A set from `pattern`'s "[" on, or nothing when it is not closed: then "[" stands for itself.
std::size_t set_length(std::string_view pattern) {
    const std::size_t first = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 2 : 1;
    const auto close = pattern.find(']', first + 1);
    return close == std::string_view::npos ? 0 : close + 1;
}

Token set_token(std::string_view text) {
    const bool negated = text[1] == '!' || text[1] == '^';
    const std::size_t first = negated ? 2 : 1;
    return {Kind::set, 0, text.substr(first, text.size() - first - 1), negated};
}

std::vector<Token> tokens(std::string_view pattern) {
    std::vector<Token> list;
    while (!pattern.empty()) {
        std::size_t used = 1;
        if (pattern.starts_with("**/")) {
            list.push_back({Kind::double_star_slash});
            used = 3;
        } else if (pattern.starts_with("**")) {
            list.push_back({Kind::double_star});
            used = 2;
        } else if (pattern[0] == '*') {
            list.push_back({Kind::star});
        } else if (pattern[0] == '?') {
            list.push_back({Kind::any});
        } else if (pattern[0] == '[' && set_length(pattern) > 0) {
            used = set_length(pattern);
            list.push_back(set_token(pattern.substr(0, used)));
        } else {
            used = pattern[0] == '\\' && pattern.size() > 1 ? 2 : 1;
            list.push_back({Kind::character, pattern[used - 1]});
        }
        pattern.remove_prefix(used);
    }
    return list;
}

// Only trees that are built to do harm are deeper.
constexpr std::size_t max_levels = 1000;

}  // namespace

std::optional<Status> status(const std::filesystem::path& path, bool follow) {
    struct stat found {};
    const int code = follow ? ::stat(path.c_str(), &found) : ::lstat(path.c_str(), &found);
    if (code != 0 && is_absence(errno)) return std::nullopt;
    if (code != 0) throw failure("fs.stat", "look at", path, errno);
    return Status{type_name(found.st_mode), found.st_size, found.st_mtime,
                  fmt::format("{:04o}", found.st_mode & 07777), found.st_ino};
}

std::vector<std::string> list(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    try {
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            names.push_back(entry.path().filename().string());
    } catch (const std::filesystem::filesystem_error& error) {
        throw failure("fs.list", "list", folder, error.code().value());
    }
    std::ranges::sort(names);
    return names;
}

// reached[i]: the tokens before i fit the path read so far.
bool matches(std::string_view path, std::string_view pattern) {
    const auto list = tokens(pattern);
    std::vector<char> reached(list.size() + 1, 0), next(list.size() + 1);
    // A "**/" may begin only where a name begins.
    const auto skip_empty = [&](std::vector<char>& states, bool at_name) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            const auto kind = list[i].kind;
            const bool empty =
                kind == Kind::star || kind == Kind::double_star || (kind == Kind::double_star_slash && at_name);
            if (states[i] && empty) states[i + 1] = 1;
        }
    };
    reached[0] = 1;
    skip_empty(reached, true);
    for (const char c : path) {
        std::fill(next.begin(), next.end(), 0);
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!reached[i]) continue;
            switch (list[i].kind) {
                case Kind::star:
                    next[i] |= c != '/';
                    break;
                case Kind::double_star:
                case Kind::double_star_slash:
                    next[i] = 1;
                    break;
                default:
                    next[i + 1] |= list[i].fits(c);
            }
        }
        skip_empty(next, c == '/');
        reached.swap(next);
    }
    return reached[list.size()];
}

Walk::Walk(std::filesystem::path root, Options options) : root_(std::move(root)), options_(std::move(options)) {
    levels_.push_back({root_, list(root_)});
}

void Walk::enter(const std::filesystem::path& folder) {
    if (options_.depth && levels_.size() >= static_cast<std::size_t>(*options_.depth)) return;
    if (levels_.size() >= max_levels) {
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

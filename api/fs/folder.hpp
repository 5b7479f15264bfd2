#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::fs {

/// What is at a path.
struct Status {
    std::string type;  ///< "file", "directory", "symlink", "fifo", "socket", "device"
    std::int64_t size_bytes = 0;
    std::int64_t modified_s = 0;  ///< Unix seconds
    std::string mode;             ///< permissions, octal: "0644"
    std::uint64_t inode = 0;      ///< which file it is on its file system
};

/// Nothing when nothing is there. With `follow`, a symbolic link stands for what it points to. Throws `fs.stat`.
std::optional<Status> status(const std::filesystem::path& path, bool follow);

/// The names in a folder, sorted bytewise. Throws `fs.list`.
std::vector<std::string> list(const std::filesystem::path& folder);

/// Whether a path fits a pattern, as a whole: `?` is one character, `*` any within a name, `**` any across names
/// (`**/` also none), `[a-z]` and `[!a-z]` a set, `\` takes the next character as it is. Bytes, not letters. Takes
/// time in proportion to the product of the two lengths at most.
bool matches(std::string_view path, std::string_view pattern);

/// Goes through what lies below a folder, in the order of names, a folder before what it holds. Symbolic links are
/// reported and not followed. Holds the names of the folders on the way down only.
class Walk {
public:
    struct Options {
        std::string glob;            ///< what the path below the root must fit; "" is everything
        std::set<std::string> skip;  ///< names that are left out, with all below them
        std::optional<int> depth;    ///< 1 is the folder's own entries
    };
    struct Entry {
        std::string path;  ///< from the root on, as the root was given
        std::string type;  ///< as Status::type
    };

    /// Throws `fs.list` when the root is not a readable folder.
    Walk(std::filesystem::path root, Options options);

    /// The next entry; nothing at the end. Throws `fs.list` for a folder that cannot be read; what vanishes meanwhile
    /// is left out.
    std::optional<Entry> next();

private:
    struct Level {
        std::filesystem::path folder;
        std::vector<std::string> names;
        std::size_t next = 0;
    };
    void enter(const std::filesystem::path& folder);

    std::filesystem::path root_;
    Options options_;
    std::vector<Level> levels_;
    std::optional<std::filesystem::path> enter_next_;
};

}  // namespace uhost::fs

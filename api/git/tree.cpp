#include "api/git/tree.hpp"

#include <atomic>
#include <future>
#include <unordered_map>

#include "api/git/history/changes.hpp"
#include "api/git/history/history.hpp"
#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

class Listing {
public:
    Listing(git_repository* repository, const TreeQuery& query, const std::stop_token& stop)
        : repository_(repository), query_(query), stop_(stop) {}

    void add(const git_tree* tree, const std::string& folder) {
        if (stop_.stop_requested()) throw cancelled();
        const std::size_t count = git_tree_entrycount(tree);
        for (std::size_t i = 0; i < count; ++i) add_entry(git_tree_entry_byindex(tree, i), folder);
    }

    std::vector<TreeFileEntry> entries;

private:
    // Deeper than any checkout could be; a tree that goes further was made to exhaust the stack.
    static constexpr unsigned max_depth = 2048;

    void add_entry(const git_tree_entry* entry, const std::string& folder) {
        auto path = folder + git_tree_entry_name(entry);
        const PathEntry found{static_cast<std::uint32_t>(git_tree_entry_filemode_raw(entry)),
                              from_git_oid(*git_tree_entry_id(entry))};
        if (query_.recursive && found.is_tree()) return add_folder(path, entry);
        if (entries.size() >= query_.max_entries) {
            throw Error("git.limit", "the tree of '" + query_.revision + "' has more than " +
                                         std::to_string(query_.max_entries) + " entries")
                .hint("list a folder of it with 'path', or raise 'limit'");
        }
        entries.push_back({std::move(path), found});
    }

    void add_folder(const std::string& path, const git_tree_entry* entry) {
        if (++depth_ > max_depth) throw Error("git.limit", "folders are nested more than 2048 levels deep at " + path);
        TreeHandle tree;
        check(attempt(git_tree_lookup, out(tree), repository_, git_tree_entry_id(entry)),
              "cannot read the folder " + path, repository_);
        add(tree.get(), path + "/");
        --depth_;
    }

    git_repository* repository_;
    const TreeQuery& query_;
    const std::stop_token& stop_;
    unsigned depth_ = 0;
};

TreeEntryHandle find_entry(git_repository* repository, const git_tree* root, const std::string& path,
                           const std::string& revision) {
    TreeEntryHandle entry;
    if (root == nullptr) return entry;
    const auto outcome = attempt(git_tree_entry_bypath, out(entry), root, path.c_str());
    // A missing sub-tree object is damage; a name that is not in a tree is not.
    if (outcome.code == GIT_ENOTFOUND && outcome.error_class == GIT_ERROR_TREE) return nullptr;
    check(outcome, "cannot read '" + path + "' of '" + revision + "'", repository);
    return entry;
}

Error too_large(const std::string& what, std::size_t size, std::size_t max_bytes) {
    return Error("git.limit", what + ": it has " + std::to_string(size) + " bytes, more than the " +
                                  std::to_string(max_bytes) + " allowed")
        .hint("raise 'limit_bytes', or leave this file out")
        .with("size_bytes", static_cast<std::int64_t>(size));
}

/// Finds several files in one pass over the trees that lead to them.
class FileFinder {
public:
    FileFinder(ObjectReader& reader, const std::vector<std::string>& paths, const std::stop_token& stop)
        : reader_(reader), stop_(stop), entries(paths.size()) {
        for (const auto& path : paths) paths_.push_back(plain_path(path));
    }

    void find(const PathEntry& root) {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < paths_.size(); ++i) {
            if (paths_[i].empty()) throw Error("argument", "a path to read is empty").hint("name files, from the root");
            all.push_back(i);
        }
        find_below(root, all, 0);
    }

private:
    /// `wanted` are the paths that lead through the tree, whose own path ends at `begin` of theirs.
    void find_below(const PathEntry& tree, const std::vector<std::size_t>& wanted, std::size_t begin) {
        if (stop_.stop_requested()) throw cancelled();
        std::unordered_map<std::string_view, std::vector<std::size_t>> by_name;
        for (const auto i : wanted) {
            const std::string_view path = paths_[i];
            by_name[path.substr(begin, path.find('/', begin) - begin)].push_back(i);
        }
        for (TreeCursor at(reader_, tree); !at.at_end() && !by_name.empty(); at.next()) {
            const auto found = by_name.extract(at.row().name);
            if (!found) continue;
            const auto end = begin + at.row().name.size();
            std::vector<std::size_t> below;
            for (const auto i : found.mapped()) {
                if (end < paths_[i].size()) {
                    below.push_back(i);
                } else if (at.row().entry.is_file()) {
                    entries[i] = at.row().entry;
                }
            }
            if (!below.empty() && at.row().entry.is_tree()) find_below(at.row().entry, below, end + 1);
        }
    }

    ObjectReader& reader_;
    const std::stop_token& stop_;
    std::vector<std::string> paths_;

public:
    std::vector<PathEntry> entries;  ///< of each path; absent where there is no file
};

// Nothing for an object that is not a blob.
std::optional<std::string> read_content_of(git_repository* repository, const git_oid& id, const std::string& what,
                                           std::size_t max_bytes) {
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), repository), what, repository);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    check(attempt(git_odb_read_header, &size, &type, odb.get(), &id), what, repository);
    if (type != GIT_OBJECT_BLOB) return std::nullopt;
    if (size > max_bytes) {
        throw too_large(what, size, max_bytes);
    }
    BlobHandle blob;
    check(attempt(git_blob_lookup, out(blob), repository, &id), what, repository);
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(git_blob_rawsize(blob.get())));
}

}  // namespace

std::optional<std::vector<TreeFileEntry>> list_tree(const Repository& repository, const TreeQuery& query,
                                                    const std::stop_token& stop) {
    const auto lease = repository.lease();
    auto tree = require_tree(lease, query.revision);
    const auto path = plain_path(query.path);
    if (!path.empty()) {
        const auto entry = find_entry(lease, tree.get(), path, query.revision);
        if (!entry || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) return std::nullopt;
        check(attempt(git_tree_lookup, out(tree), lease, git_tree_entry_id(entry.get())),
              "cannot read the folder " + path, lease);
    }
    Listing listing(lease, query, stop);
    if (tree) listing.add(tree.get(), path.empty() ? "" : path + "/");
    return std::move(listing.entries);
}

std::optional<std::string> read_file_at(git_repository* repository, const std::string& revision,
                                        const std::string& path, std::size_t max_bytes) {
    const auto tree = require_tree(repository, revision);
    const auto plain = plain_path(path);
    if (plain.empty()) throw Error("argument", "the path to read is empty").hint("name a file, from the root");
    const auto entry = find_entry(repository, tree.get(), plain, revision);
    if (!entry || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) return std::nullopt;
    return read_content_of(repository, *git_tree_entry_id(entry.get()),
                           "cannot read '" + plain + "' of '" + revision + "'", max_bytes);
}

std::vector<std::optional<std::string>> read_files_at(const Repository& repository, const std::string& revision,
                                                      const std::vector<std::string>& paths, std::size_t max_bytes,
                                                      const std::stop_token& stop) {
    const auto tree = require_tree(repository.lease(), revision);
    std::vector<std::optional<std::string>> contents(paths.size());
    if (!tree) return contents;
    const auto objects = repository.objects();
    ObjectReader reader(*objects);
    FileFinder finder(reader, paths, stop);
    finder.find(root_entry(from_git_oid(*git_tree_id(tree.get()))));
    std::atomic<std::size_t> total = 0;
    const auto read = [&](ObjectReader& from, std::size_t first, std::size_t step) {
        for (std::size_t i = first; i < paths.size(); i += step) {
            if (stop.stop_requested()) throw cancelled();
            if (finder.entries[i].is_absent()) continue;
            const auto content = as_text(from.read(finder.entries[i].oid, ObjectType::blob));
            const auto size = total.fetch_add(content.size()) + content.size();
            if (size > max_bytes) throw too_large("cannot read files of '" + revision + "'", size, max_bytes);
            contents[i].emplace(content);
        }
    };
    constexpr std::size_t worth_a_thread = 64;
    if (paths.size() < worth_a_thread) {
        read(reader, 0, 1);
        return contents;
    }
    auto second = std::async(std::launch::async, [&] {
        ObjectReader own(*objects);
        read(own, 1, 2);
    });
    read(reader, 0, 2);
    second.get();
    return contents;
}

std::optional<std::string> read_blob(git_repository* repository, const Oid& id, std::size_t max_bytes) {
    const auto oid = to_git_oid(id);
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), repository), "cannot open the object database", repository);
    if (git_odb_exists(odb.get(), &oid) == 0) return std::nullopt;
    return read_content_of(repository, oid, "cannot read the content " + id.hex(), max_bytes);
}

const char* kind_of_mode(std::uint32_t mode) noexcept {
    switch (mode & 0170000) {
        case 0040000:
            return "folder";
        case 0120000:
            return "link";
        case 0160000:
            return "submodule";
        default:
            return (mode & 0111) != 0 ? "executable" : "file";
    }
}

}  // namespace uhost::git

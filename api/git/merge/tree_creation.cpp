#include "api/git/merge/tree_creation.hpp"

#include <strings.h>

#include "api/git/merge/merge.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

void check_tree_path(const std::string& path) {
    const auto refuse = [&](const char* why) {
        return Error("git.path", "'" + path.substr(0, 200) + "' cannot be in a tree: " + why).with("path", path);
    };
    if (path.empty() || plain_path(path) != path) throw refuse("it is not a plain path");
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        if (strcasecmp(path.substr(begin, end - begin).c_str(), ".git") == 0)
            throw refuse("nothing may be called .git");
        begin = end + 1;
    }
}

/// A file where a folder is to be gives way.
void clear_way(TreeEdit& edit, ObjectReader& reader, const PathEntry& root, const std::string& path) {
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const auto folder = path.substr(0, slash);
        const auto there = root.is_absent() ? PathEntry{} : TreePaths(reader, folder).find(root.oid);
        if (!there.is_absent() && !there.is_tree()) edit.set(folder, {});
    }
}

}  // namespace

Oid write_tree(const Repository& repository, const std::string& tree, const std::vector<TreeChange>& changes,
               bool write) {
    MergeSession session(repository, std::nullopt, {});
    const auto handle = require_tree(session.handle(), tree);
    const PathEntry root = handle ? PathEntry{tree_mode, from_git_oid(*git_tree_id(handle.get()))} : PathEntry{};
    TreeEdit edit;
    for (const auto& [path, content, oid, mode] : changes) {
        check_tree_path(path);
        if (content) {
            edit.set(path, {mode, session.objects().add(ObjectType::blob, *content)});
        } else if (oid) {
            edit.set(path, {mode, *oid});
        } else {
            const auto there = root.is_absent() ? PathEntry{} : TreePaths(session.reader(), path).find(root.oid);
            if (there.is_absent()) {
                throw Error("git.path", "'" + path.substr(0, 200) + "' is to be removed and is not there")
                    .with("path", path);
            }
            edit.set(path, {});
            continue;
        }
        clear_way(edit, session.reader(), root, path);
    }
    const auto made = edit.apply(session.reader(), session.objects(), root);
    if (write) session.write();
    return made;
}

}  // namespace uhost::git

#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "api/git/history/changes.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// A value that gitattributes give: set, unset, or a text. What they leave open is not there.
using AttributeValue = std::variant<bool, std::string>;

/// The attributes `names` of each path, as `git check-attr`: from `.gitattributes` in the work tree, else in the index.
std::vector<std::map<std::string, AttributeValue>> attributes_of(const Repository& repository,
                                                                 const std::vector<std::string>& paths,
                                                                 const std::vector<std::string>& names);

/// Whether each path is ignored, as `git check-ignore --no-index`. Raises `git.bare`.
std::vector<bool> are_ignored(const Repository& repository, const std::vector<std::string>& paths);

/// While it lives, a handle has an empty index. Between commits git takes attributes from the work tree only, whereas
/// libgit2 would read the index first, which takes longer than the merge of two large trees.
class EmptyIndex {
public:
    explicit EmptyIndex(git_repository* repository);
    ~EmptyIndex();
    EmptyIndex(const EmptyIndex&) = delete;
    EmptyIndex& operator=(const EmptyIndex&) = delete;

private:
    git_repository* repository_;
};

/// What the attribute `diff` says of files of commits. For one thread.
class DiffAttributes {
public:
    struct Answer {
        TextKind kind = TextKind::by_content;
        bool has_driver = false;
    };

    explicit DiffAttributes(const Repository& repository);
    Answer of(const std::string& path);

private:
    Lease lease_;
    EmptyIndex empty_index_;
    bool none_;
};

}  // namespace uhost::git

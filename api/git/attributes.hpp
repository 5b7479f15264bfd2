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

/// What the attribute `diff` says of files. For one thread.
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
    bool none_;
};

}  // namespace uhost::git

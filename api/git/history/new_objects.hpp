#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "api/git/history/pack.hpp"
#include "api/git/libgit2.hpp"

namespace uhost::git {

/// Objects that are made and not written yet; what stays unwritten leaves no trace. For one thread.
class NewObjects {
public:
    /// Keeps an object and returns its id. Raises `git.limit` for more than 1 GiB of them.
    Oid add(ObjectType type, std::string content);

    /// The content, if it is here and of this type; valid as long as this object.
    std::optional<ByteView> find(const Oid& oid, ObjectType type) const;

    /// Writes all of them that are not there yet; many of them as a pack. Raises `git.file`, `git.failed`.
    void write(git_odb* odb) const;

private:
    struct Object {
        ObjectType type;
        std::string content;
    };
    std::unordered_map<Oid, Object, OidHash> objects_;
    std::size_t bytes_ = 0;
};

}  // namespace uhost::git

#include "api/git/history/new_objects.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_new_bytes = std::size_t{1} << 30;

}  // namespace

Oid NewObjects::add(ObjectType type, std::string content) {
    git_oid id;
    // libgit2 numbers whole objects as packs do.
    check(attempt(git_odb_hash, &id, content.data(), content.size(), static_cast<git_object_t>(type)),
          "cannot name a new object");
    const Oid oid = from_git_oid(id);
    const auto size = content.size();
    if (!objects_.try_emplace(oid, type, std::move(content)).second) return oid;
    bytes_ += size;
    if (bytes_ > max_new_bytes) {
        throw Error("git.limit", "new objects take more than 1 GiB").hint("merge fewer commits at a time");
    }
    return oid;
}

std::optional<ByteView> NewObjects::find(const Oid& oid, ObjectType type) const {
    const auto found = objects_.find(oid);
    if (found == objects_.end() || found->second.type != type) return std::nullopt;
    const auto& content = found->second.content;
    return ByteView(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
}

void NewObjects::write(git_odb* odb) const {
    for (const auto& [oid, object] : objects_) {
        git_oid id;
        check(attempt(git_odb_write, &id, odb, object.content.data(), object.content.size(),
                      static_cast<git_object_t>(object.type)),
              "cannot write object " + oid.hex());
    }
}

}  // namespace uhost::git

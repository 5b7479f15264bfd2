#include "api/git/commit_creation.hpp"

#include <fmt/format.h>
#include <git2/sys/mempack.h>

#include <cstdlib>
#include <ctime>
#include <set>

#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

constexpr int above_all_backends = 1000;

// A handle of its own whose new objects stay in memory, to be forgotten with it.
RepositoryHandle forgetful_handle(const Repository& repository) {
    auto handle = open_repository(repository.git_folder());
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), handle.get()), "cannot open the object database", handle.get());
    git_odb_backend* memory = nullptr;
    check(attempt(git_mempack_new, &memory), "cannot keep objects in memory");
    check(attempt(git_odb_add_backend, odb.get(), memory, above_all_backends), "cannot keep objects in memory");
    return handle;
}

template <class Write>
Oid write_with(const Repository& repository, bool in_memory, Write write) {
    if (in_memory) return write(forgetful_handle(repository).get());
    return write(repository.lease().get());
}

const char* environment_value(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

Error no_identity() {
    return Error("git.identity", "no author or committer: user.name and user.email are not configured")
        .hint(
            "git config --global user.name 'NAME'; git config --global user.email 'MAIL' (or pass author and "
            "author_email)");
}

// git's own order: what is given, then the environment, then the configuration.
SignatureHandle signature_of(git_repository* repository, const Person& person, const char* role) {
    SignatureHandle configured;
    git_signature_default(out(configured), repository);
    const auto from = [&](const std::string& given, const char* what, const char* fallback) -> std::string {
        if (!given.empty()) return given;
        const auto name = fmt::format("GIT_{}_{}", role, what);
        if (const char* value = environment_value(name.c_str())) return value;
        return fallback != nullptr ? fallback : "";
    };
    const auto name = from(person.name, "NAME", configured ? configured->name : nullptr);
    const auto email = from(person.email, "EMAIL", configured ? configured->email : nullptr);
    if (name.empty() || email.empty()) throw no_identity();
    SignatureHandle signature;
    const auto time = person.time != 0 ? person.time : static_cast<std::int64_t>(std::time(nullptr));
    check(attempt(git_signature_new, out(signature), name.c_str(), email.c_str(), time, person.offset_minutes),
          fmt::format("'{} <{}>' cannot be the author or committer", name, email));
    return signature;
}

Error bad_path(const std::string& path, const std::string& why) {
    return Error("git.path", fmt::format("cannot commit '{}': {}", path.substr(0, 200), why)).with("path", path);
}

git_tree_update update_of(git_repository* repository, const NewFile& file, const git_tree* base) {
    git_tree_update update{};
    update.path = file.path.c_str();
    if (plain_path(file.path) != file.path || file.path.empty()) throw bad_path(file.path, "it is not a plain path");
    if (file.content) {
        update.action = GIT_TREE_UPDATE_UPSERT;
        update.filemode = static_cast<git_filemode_t>(file.mode);
        check(attempt(git_blob_create_from_buffer, &update.id, repository, file.content->data(), file.content->size()),
              "cannot write '" + file.path + "'", repository);
        return update;
    }
    update.action = GIT_TREE_UPDATE_REMOVE;
    TreeEntryHandle entry;
    if (base == nullptr || git_tree_entry_bypath(out(entry), base, update.path) != 0) {
        throw bad_path(file.path, "it is to be deleted and is not there");
    }
    return update;
}

git_object_t kind_at(const git_tree* base, const std::string& path) {
    TreeEntryHandle entry;
    if (base == nullptr || git_tree_entry_bypath(out(entry), base, path.c_str()) != 0) return GIT_OBJECT_INVALID;
    return git_tree_entry_type(entry.get());
}

// What is in the way of the new files: a folder where a file is to be, a file where a folder is to be.
std::set<std::string> obstacles(const NewCommit& commit, const git_tree* base) {
    std::set<std::string> found;
    for (const auto& file : commit.files) {
        if (!file.content) continue;
        if (kind_at(base, file.path) == GIT_OBJECT_TREE) found.insert(file.path);
        for (auto slash = file.path.find('/'); slash != std::string::npos; slash = file.path.find('/', slash + 1)) {
            const auto folder = file.path.substr(0, slash);
            const auto kind = kind_at(base, folder);
            if (kind != GIT_OBJECT_TREE && kind != GIT_OBJECT_INVALID) found.insert(folder);
        }
    }
    return found;
}

TreeHandle without(git_repository* repository, TreeHandle base, const std::set<std::string>& paths) {
    if (paths.empty()) return base;
    std::vector<git_tree_update> updates;
    for (const auto& path : paths) {
        updates.push_back({GIT_TREE_UPDATE_REMOVE, {}, GIT_FILEMODE_UNREADABLE, path.c_str()});
    }
    git_oid id;
    check(attempt(git_tree_create_updated, &id, repository, base.get(), updates.size(), updates.data()),
          "cannot write the tree", repository);
    check(attempt(git_tree_lookup, out(base), repository, &id), "cannot read the new tree", repository);
    return base;
}

git_oid write_tree(git_repository* repository, const NewCommit& commit) {
    TreeHandle base;
    if (commit.base)
        base = require_tree(repository, *commit.base);
    else if (!commit.parents.empty())
        base = require_tree(repository, commit.parents.front().hex());
    std::vector<git_tree_update> updates;
    for (const auto& file : commit.files) updates.push_back(update_of(repository, file, base.get()));
    const auto in_the_way = obstacles(commit, base.get());
    base = without(repository, std::move(base), in_the_way);
    std::erase_if(updates, [&](const git_tree_update& update) {
        return update.action == GIT_TREE_UPDATE_REMOVE && kind_at(base.get(), update.path) == GIT_OBJECT_INVALID;
    });
    git_oid tree;
    const auto outcome =
        attempt(git_tree_create_updated, &tree, repository, base.get(), updates.size(), updates.data());
    if (outcome.error_class == GIT_ERROR_TREE) {
        throw Error("git.path", "the files cannot be there together, or have names git does not allow")
            .hint("no file may be a folder of another one, and none be called .git")
            .native(outcome.message);
    }
    check(outcome, "cannot write the tree", repository);
    return tree;
}

Oid write_commit(git_repository* repository, const NewCommit& commit) {
    const auto author = signature_of(repository, commit.author, "AUTHOR");
    const auto committer = signature_of(repository, commit.committer, "COMMITTER");
    const auto tree_id = write_tree(repository, commit);
    TreeHandle tree;
    check(attempt(git_tree_lookup, out(tree), repository, &tree_id), "cannot read the new tree", repository);
    std::vector<CommitHandle> parents;
    std::vector<const git_commit*> raw_parents;
    for (const auto& parent : commit.parents) {
        const auto oid = to_git_oid(parent);
        CommitHandle handle;
        check(attempt(git_commit_lookup, out(handle), repository, &oid), "cannot read the parent " + parent.hex(),
              repository);
        raw_parents.push_back(handle.get());
        parents.push_back(std::move(handle));
    }
    git_oid id;
    check(attempt(git_commit_create, &id, repository, nullptr, author.get(), committer.get(), nullptr,
                  commit.message.c_str(), tree.get(), raw_parents.size(), raw_parents.data()),
          "cannot write the commit", repository);
    return from_git_oid(id);
}

}  // namespace

Oid create_commit(const Repository& repository, const NewCommit& commit, bool in_memory) {
    return write_with(repository, in_memory, [&](git_repository* handle) { return write_commit(handle, commit); });
}

Person identity_of(const Repository& repository, const Person& given, const char* role) {
    const auto lease = repository.lease();
    const auto signature = signature_of(lease, given, role);
    return {signature->name, signature->email, signature->when.time, signature->when.offset};
}

Oid create_tag_object(const Repository& repository, const std::string& name, const Oid& target, const Person& tagger,
                      const std::string& message, bool in_memory) {
    return write_with(repository, in_memory, [&](git_repository* handle) {
        const auto oid = to_git_oid(target);
        ObjectHandle object;
        check(attempt(git_object_lookup, out(object), handle, &oid, GIT_OBJECT_ANY), "cannot tag " + target.hex(),
              handle);
        const auto signature = signature_of(handle, tagger, "COMMITTER");
        git_oid id;
        check(attempt(git_tag_annotation_create, &id, handle, name.c_str(), object.get(), signature.get(),
                      message.c_str()),
              "cannot write the tag " + name, handle);
        return from_git_oid(id);
    });
}

}  // namespace uhost::git

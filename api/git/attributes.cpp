#include "api/git/attributes.hpp"

#include <git2/sys/repository.h>

#include <filesystem>

#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"

namespace uhost::git {
namespace {

bool has_own_attributes(const Repository& repository, git_repository* handle) {
    std::error_code ignored;
    if (std::filesystem::exists(repository.common_folder() + "/info/attributes", ignored)) return true;
    if (std::filesystem::exists("/etc/gitattributes", ignored)) return true;
    Buffer global;
    if (git_config_find_xdg(&global.raw) == 0) return true;
    ConfigHandle config;
    check(attempt(git_repository_config_snapshot, out(config), handle), "cannot read the configuration", handle);
    const char* file = nullptr;
    return git_config_get_string(&file, config.get(), "core.attributesfile") == 0;
}

}  // namespace

std::vector<std::map<std::string, AttributeValue>> attributes_of(const Repository& repository,
                                                                 const std::vector<std::string>& paths,
                                                                 const std::vector<std::string>& names) {
    const auto lease = repository.lease();
    std::vector<const char*> wanted, values(names.size());
    for (const auto& name : names) wanted.push_back(name.c_str());
    std::vector<std::map<std::string, AttributeValue>> answers;
    for (const auto& path : paths) {
        auto& answer = answers.emplace_back();
        check(attempt(git_attr_get_many, values.data(), lease, GIT_ATTR_CHECK_FILE_THEN_INDEX,
                      plain_path(path).c_str(), wanted.size(), wanted.data()),
              "cannot read the attributes of " + path, lease);
        for (std::size_t i = 0; i < names.size(); ++i) {
            switch (git_attr_value(values[i])) {
                case GIT_ATTR_VALUE_TRUE:
                    answer[names[i]] = true;
                    break;
                case GIT_ATTR_VALUE_FALSE:
                    answer[names[i]] = false;
                    break;
                case GIT_ATTR_VALUE_STRING:
                    answer[names[i]] = std::string(values[i]);
                    break;
                case GIT_ATTR_VALUE_UNSPECIFIED:
                    break;
            }
        }
    }
    return answers;
}

std::vector<bool> are_ignored(const Repository& repository, const std::vector<std::string>& paths) {
    if (repository.is_bare()) throw bare_error("cannot find out what is ignored");
    const auto lease = repository.lease();
    std::vector<bool> answers;
    for (const auto& path : paths) {
        int ignored = 0;
        check(attempt(git_ignore_path_is_ignored, &ignored, lease, path.c_str()), "cannot read what is ignored", lease);
        answers.push_back(ignored != 0);
    }
    return answers;
}

EmptyIndex::EmptyIndex(git_repository* repository) : repository_(repository) {
    IndexHandle empty;
    check(attempt(git_index_new, out(empty)), "cannot make an index", repository);
    check(attempt(git_repository_set_index, repository, empty.get()), "cannot leave out the index", repository);
}

/// Without one, libgit2 reads that of the repository when it next needs it.
EmptyIndex::~EmptyIndex() { git_repository_set_index(repository_, nullptr); }

/// A bare repository has attributes only where someone put them beside it.
DiffAttributes::DiffAttributes(const Repository& repository)
    : lease_(repository.lease()), empty_index_(lease_), none_(repository.is_bare() && !has_own_attributes(repository, lease_)) {}

DiffAttributes::Answer DiffAttributes::of(const std::string& path) {
    if (none_) return {};
    const char* value = nullptr;
    check(attempt(git_attr_get, &value, lease_, GIT_ATTR_CHECK_FILE_THEN_INDEX, path.c_str(), "diff"),
          "cannot read the attributes of " + path, lease_);
    switch (git_attr_value(value)) {
        case GIT_ATTR_VALUE_TRUE:
            return {TextKind::text};
        case GIT_ATTR_VALUE_FALSE:
            return {TextKind::binary};
        case GIT_ATTR_VALUE_STRING:
            return {TextKind::by_content, true};
        case GIT_ATTR_VALUE_UNSPECIFIED:
            break;
    }
    return {};
}

}  // namespace uhost::git

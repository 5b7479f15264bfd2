#include "api/git/history/object_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace uhost::git {
namespace {

namespace filesystem = std::filesystem;

constexpr std::size_t most_folders = 64;
constexpr std::string_view replace_prefix = "refs/replace/";

/// libgit2 looks through every reference to match a pattern, which costs more than the walk where there are many, so
/// it is asked only if there is a sign of a replacement.
bool may_have_replacements(const filesystem::path& common) {
    std::error_code ignored;
    if (filesystem::exists(common / replace_prefix, ignored)) return true;
    const auto packed = MappedFile::open(common / "packed-refs");
    return packed && as_text(packed->bytes()).find(replace_prefix) != std::string_view::npos;
}

}  // namespace

ObjectStore::ObjectStore(const filesystem::path& path) : path_(path), repository_(open_repository(path)) {
    git_odb* odb = nullptr;
    if (git_repository_odb(&odb, repository_.get()) != 0) {
        throw Error("git.open", "cannot open the objects of the repository at " + path.string())
            .hint("check that its 'objects' folder can be read")
            .native(last_libgit2_message())
            .with("path", path.string());
    }
    odb_.reset(odb);
    partial_ = setting("remote.origin.promisor", false) || is_set("extensions.partialClone");
    find_folders();
    open_packs();
    read_replacements();
    read_shallow();
}

bool ObjectStore::setting(const char* name, bool fallback) const {
    git_config* config = nullptr;
    if (git_repository_config_snapshot(&config, repository_.get()) != 0) return fallback;
    const ConfigHandle owned(config);
    int value = 0;
    return git_config_get_bool(&value, config, name) == 0 ? value != 0 : fallback;
}

bool ObjectStore::is_set(const char* name) const {
    git_config* config = nullptr;
    if (git_repository_config_snapshot(&config, repository_.get()) != 0) return false;
    const ConfigHandle owned(config);
    const char* value = nullptr;
    return git_config_get_string(&value, config, name) == 0;
}

/// The repository's own folder of objects, then, breadth first, those its `info/alternates` name.
void ObjectStore::find_folders() {
    folders_.emplace_back(filesystem::path(git_repository_commondir(repository_.get())) / "objects");
    for (std::size_t i = 0; i < folders_.size() && folders_.size() < most_folders; ++i) {
        std::ifstream alternates(folders_[i] / "info" / "alternates");
        for (std::string line; std::getline(alternates, line) && folders_.size() < most_folders;) {
            if (line.empty() || line.front() == '#' || line.front() == '"') continue;
            const auto folder = (folders_[i] / line).lexically_normal();
            if (std::find(folders_.begin(), folders_.end(), folder) == folders_.end()) folders_.push_back(folder);
        }
    }
}

void ObjectStore::open_packs() {
    for (const auto& folder : folders_) {
        std::error_code failed;
        for (filesystem::directory_iterator at(folder / "pack", failed), end; !failed && at != end;
             at.increment(failed)) {
            if (at->path().extension() != ".idx") continue;
            if (auto pack = Pack::open(at->path())) packs_.push_back(std::move(*pack));
        }
    }
    std::sort(packs_.begin(), packs_.end(),
              [](const Pack& a, const Pack& b) { return a.body().size() > b.body().size(); });
}

void ObjectStore::read_replacements() {
    if (std::getenv("GIT_NO_REPLACE_OBJECTS") != nullptr || !setting("core.useReplaceRefs", true)) return;
    if (!may_have_replacements(git_repository_commondir(repository_.get()))) return;
    git_reference_iterator* iterator = nullptr;
    if (git_reference_iterator_glob_new(&iterator, repository_.get(), "refs/replace/*") != 0) return;
    const ReferenceIteratorHandle owned(iterator);
    git_reference* reference = nullptr;
    while (git_reference_next(&reference, iterator) == 0) {
        const ReferenceHandle owned_reference(reference);
        const auto oid = Oid::from_hex(std::string_view(git_reference_name(reference)).substr(replace_prefix.size()));
        const git_oid* target = git_reference_target(reference);
        if (oid && target != nullptr) replacements_[*oid] = from_git_oid(*target);
    }
}

void ObjectStore::read_shallow() {
    std::ifstream file(filesystem::path(git_repository_commondir(repository_.get())) / "shallow");
    for (std::string line; std::getline(file, line);) {
        if (const auto oid = Oid::from_hex(line)) shallow_.insert(*oid);
    }
}

const Oid& ObjectStore::replaced(const Oid& oid) const noexcept {
    if (replacements_.empty()) return oid;
    const Oid* current = &oid;
    for (int depth = 0; depth < 5; ++depth) {  // git's own limit on replacements of replacements
        const auto found = replacements_.find(*current);
        if (found == replacements_.end()) break;
        current = &found->second;
    }
    return *current;
}

}  // namespace uhost::git

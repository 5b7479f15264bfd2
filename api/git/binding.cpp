// `git`: what a repository is and where it lies, and the table of everything bound. The themes are in binding_*.cpp,
// the Lua half (iterators, deletions and their index) in init.lua.
#include "api/git/binding_permissions.hpp"
#include "host/runtime/file_access.hpp"

#include "api/git/revision.hpp"
#include "host/bind/mutation.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view head_fields[]{"id", "branch", "ref", "detached"};
constexpr bind::RecordType head_record{"git.Head", head_fields};

int path(Call& call) {
    const auto& repository = repository_type.from(call);
    return call.give(repository.work_tree().value_or(repository.git_folder()));
}

int git_folder(Call& call) { return call.give(repository_type.from(call).git_folder()); }
int common_folder(Call& call) { return call.give(repository_type.from(call).common_folder()); }
int work_tree(Call& call) { return call.give(repository_type.from(call).work_tree()); }
int is_bare(Call& call) { return call.give(repository_type.from(call).is_bare()); }
int is_worktree(Call& call) { return call.give(repository_type.from(call).is_worktree()); }
int is_shallow(Call& call) { return call.give(repository_type.from(call).is_shallow()); }

int head(Call& call) {
    return on_pool(
        call, [](const auto& repository, const auto&) { return read_head(repository->lease()); },
        [](Call& results, const Head& found) {
            constexpr std::string_view branches = "refs/heads/";
            new_record(results, head_record).field("id", found.id.hex());
            if (found.branch) {
                results.field("ref", *found.branch);
                if (found.branch->starts_with(branches)) results.field("branch", found.branch->substr(branches.size()));
            }
            results.field("detached", !found.branch);
        });
}

int resolve_revision(Call& call) {
    return on_pool(
        call,
        [revision = std::string(call.text(2, "revision"))](const auto& repository, const auto&) {
            return resolve(repository->lease(), revision);
        },
        push_oid);
}

std::string describe_repository(const void* object) { return static_cast<const Repository*>(object)->git_folder(); }

constexpr Function repository_methods[]{
    {"path", path},
    {"git_folder", git_folder},
    {"common_folder", common_folder},
    {"work_tree", work_tree},
    {"is_bare", is_bare},
    {"is_worktree", is_worktree},
    {"is_shallow", is_shallow},
    {"head", head, Waits::yes},
    {"resolve", resolve_revision, Waits::yes},
    {"commit", commit, Waits::yes},
    {"blame", blame, Waits::yes},
    {"merge_base", merge_base, Waits::yes},
    {"ahead_behind", ahead_behind, Waits::yes},
    {"is_ancestor", is_ancestor, Waits::yes},
    {"describe", describe, Waits::yes},
    {"tree", tree, Waits::yes},
    {"has_files", has_files, Waits::yes},
    {"read", read, Waits::yes},
    {"read_many", read_many, Waits::yes},
    {"read_blob", read_blob, Waits::yes},
    {"diff", diff, Waits::yes},
    {"patch", patch, Waits::yes},
    {"changed_paths", changed_paths, Waits::yes},
    {"grep", grep, Waits::yes},
    {"attributes", attributes, Waits::yes},
    {"ignored", ignored, Waits::yes},
    {"status", status, Waits::yes},
    {"refs", refs, Waits::yes},
    {"tags", tags, Waits::yes},
    {"remotes", remotes, Waits::yes},
};

// Those with a colon are the native halves of methods that the Lua half completes; they check all arguments.
constexpr Function functions[]{
    {"open", open, Waits::yes},
    {"init", init, Waits::yes, Effect::changes},
    {"Repository:log", log},
    {"Repository:deletions", deletions},
    {"Repository:deletions_tip", deletions_tip, Waits::yes},
    {"Repository:update_refs", update_refs, Waits::yes, Effect::changes},
    {"Repository:create_commit", create_commit, Waits::yes, Effect::changes},
    {"Repository:create_tag", create_tag, Waits::yes, Effect::changes},
    {"Repository:merge_trees", merge_trees, Waits::yes, Effect::changes},
    {"Repository:replay", replay, Waits::yes, Effect::changes},
    {"Repository:write_tree", write_tree, Waits::yes, Effect::changes},
    {"Repository:commit_tree", commit_tree, Waits::yes, Effect::changes},
    {"Repository:create_branch", create_branch, Waits::yes},
    {"Repository:delete_branch", delete_branch, Waits::yes},
    {"Repository:delete_tag", delete_tag},
    {"Repository:fetch", fetch, Waits::yes, Effect::changes},
    {"Repository:push", push, Waits::yes, Effect::changes},
    {"ls_remote", ls_remote, Waits::yes},
    {"clone", clone, Waits::yes, Effect::changes},
    {"merge_file", merge_file},
    {"compare_texts", compare_texts},
    {"new_progress", new_progress},
};

}  // namespace

const bind::Type<Repository> repository_type{{"git.Repository", repository_methods, describe_repository}};

void set_person(Call& call, const char* name, const Person& person) {
    const std::string base = name;
    call.field(name, person.name);
    call.field((base + "_email").c_str(), person.email);
    call.field((base + "_time").c_str(), iso_time(person.time));
}

int open(Call& call) {
    files::require_reading(call.host(), call.text_or(1, "path", "."));
    return call.work([path = std::string(call.text_or(1, "path", "."))](std::stop_token) -> Finish {
        return [repository = Repository::open(path)](Call& results) {
            require_reading(results, *repository);
            return repository_type.give(results, repository);
        };
    });
}

int init(Call& call) {
    const auto options = call.fields(2, "options", {"bare", "initial_branch"});
    const auto folder = std::string(call.text(1, "path"));
    const bool bare = options.flag("bare", false);
    return call.mutate_on_pool(
        permitted_in(call, {"git.init", folder, "make a git repository", {}, MutationScope::local}, folder),
        [folder, bare, branch = options.text_or("initial_branch", "")](std::stop_token) -> MutationResult {
            init_repository(folder, bare, branch);
            return {"made", [repository = Repository::open(folder)](Call& results) {
                        return repository_type.give(results, repository);
                    }};
        },
        [](std::stop_token) -> Finish { return [](Call& results) { return results.give(nullptr); }; });
}

}  // namespace uhost::git::binding

extern "C" int luaopen_uhost_git(lua_State* L) {
    using namespace uhost::git;
    return uhost::bind::module(L, "git", binding::functions, {&binding::repository_type});
}

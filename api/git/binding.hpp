#pragma once

#include <type_traits>

#include "api/git/history/changes.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/references.hpp"
#include "api/git/repository.hpp"
#include "host/bind/object.hpp"
#include "host/bind/record.hpp"
#include "host/core/iso_time.hpp"
#include "host/runtime/host.hpp"

/// What the binding files share.
namespace uhost::git::binding {

using bind::Call;
using bind::Effect;
using bind::Finish;
using bind::Function;
using bind::MutationResult;
using bind::Waits;

extern const bind::Type<Repository> repository_type;

/// Sets `name`, `name_email` and `name_time` of the table at the top.
void set_person(Call& call, const char* name, const Person& person);

void push_commit(Call& call, const Commit& commit);

/// Pushes a file that differs between two trees.
void push_changed_file(Call& call, const ChangedFile& file, bool with_stats);

/// Pushes { ref, before, after } of one changed reference.
void push_change(Call& call, const ReferenceChange& change);
/// Gives the list of them.
Finish give_changes(std::vector<ReferenceChange> changes);

/// Runs `compute(repository, stop)` on the pool, for the repository that is argument 1, and gives what `push(results,
/// value)` pushes; nil for an empty optional.
template <class Compute, class Push>
int on_pool(Call& call, Compute compute, Push push) {
    return call.work([repository = repository_type.share(call), compute, push](std::stop_token stop) -> Finish {
        using Result = std::invoke_result_t<Compute, const std::shared_ptr<Repository>&, const std::stop_token&>;
        auto result = std::make_shared<Result>(compute(repository, stop));
        return [result, push](Call& results) -> int {
            if constexpr (requires { result->has_value(); }) {
                if (!result->has_value()) return results.give(nullptr);
                push(results, **result);
            } else {
                push(results, *result);
            }
            return 1;
        };
    });
}

/// Pushes a list of tables: `fill(call, item)` pushes one.
template <class List, class PushItem>
void push_list(Call& call, const List& list, PushItem push_item) {
    call.new_table(list.size());
    int position = 0;
    for (const auto& item : list) {
        push_item(call, item);
        call.seti(++position);
    }
}

inline void push_oid(Call& call, const Oid& oid) { call.push(oid.hex()); }

/// The argument at `index`: a text, or a list of texts.
std::vector<std::string> texts_at(const Call& call, int index, const char* name);

// Functions of the native half, by theme.
int open(Call& call);
int init(Call& call);
int log(Call& call);
int commit(Call& call);
int blame(Call& call);
int merge_base(Call& call);
int ahead_behind(Call& call);
int is_ancestor(Call& call);
int describe(Call& call);
int tree(Call& call);
int read(Call& call);
int read_blob(Call& call);
int diff(Call& call);
int patch(Call& call);
int changed_paths(Call& call);
int grep(Call& call);
int attributes(Call& call);
int ignored(Call& call);
int read_many(Call& call);
int status(Call& call);
int refs(Call& call);
int tags(Call& call);
int remotes(Call& call);
int deletions(Call& call);
int deletions_tip(Call& call);
int has_files(Call& call);
int update_refs(Call& call);
int create_commit(Call& call);
int create_tag(Call& call);
int merge_trees(Call& call);
int replay(Call& call);
int write_tree(Call& call);
int commit_tree(Call& call);
int create_branch(Call& call);
int delete_branch(Call& call);
int delete_tag(Call& call);
int new_progress(Call& call);
int fetch(Call& call);
int push(Call& call);
int ls_remote(Call& call);
int clone(Call& call);
int merge_file(Call& call);
int compare_texts(Call& call);

}  // namespace uhost::git::binding

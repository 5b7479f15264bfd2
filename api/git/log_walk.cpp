#include "api/git/log_walk.hpp"

#include <algorithm>
#include <future>
#include <queue>
#include <unordered_set>
#include <utility>

#include "api/git/history/commit_object.hpp"
#include "api/git/history/history.hpp"
#include "api/git/history/objects.hpp"
#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

std::string side_or_head(std::string_view side) { return side.empty() ? "HEAD" : std::string(side); }

void set_symmetric_range(git_repository* repository, const Oid& left, const Oid& right, LogQuery& query) {
    query.tips = {left, right};
    git_oidarray bases{nullptr, 0};
    const auto a = to_git_oid(left), b = to_git_oid(right);
    const auto outcome = attempt(git_merge_bases, &bases, repository, &a, &b);
    if (outcome.code == GIT_ENOTFOUND) return;
    check(outcome, "cannot find the merge base", repository);
    for (std::size_t i = 0; i < bases.count; ++i) query.hide.push_back(from_git_oid(bases.ids[i]));
    git_oidarray_dispose(&bases);
}

/// Finds out what commits changed; for one thread.
class CommitComparer {
public:
    CommitComparer(const ObjectStore& store, const LogQuery& query)
        : reader_(store), trees_(reader_), first_parent_(query.first_parent) {
        for (const auto& path : query.paths) query_.paths.push_back(plain_path(path));
        if (std::ranges::find(query_.paths, "") != query_.paths.end()) query_.paths.clear();
        query_.renames = query.renames;
        query_.stats = query.stats;
    }

    std::vector<ChangedFile> files_of(const Commit& commit) {
        const bool is_root = commit.parents.empty() || reader_.store().is_shallow(commit.id);
        if (!is_root && commit.parents.size() > 1 && !first_parent_) return {};
        PathEntry before;
        if (!is_root) {
            read_commit_links(reader_, commit.parents.front(), links_);
            before = root_entry(links_.tree);
        }
        return trees_.compare(before, root_entry(commit.tree), query_);
    }

private:
    ObjectReader reader_;
    TreeComparison trees_;
    ChangesQuery query_;
    CommitLinks links_;
    bool first_parent_;
};

}  // namespace

void set_range(git_repository* repository, const std::string& range, LogQuery& query) {
    const auto dots = range.find("..");
    if (dots == std::string::npos) {
        query.tips = {require_commit(repository, range)};
        return;
    }
    const bool symmetric = range.compare(dots, 3, "...") == 0;
    const auto left = require_commit(repository, side_or_head(range.substr(0, dots)));
    const auto right = require_commit(repository, side_or_head(range.substr(dots + (symmetric ? 3 : 2))));
    if (symmetric) return set_symmetric_range(repository, left, right, query);
    query.tips = {right};
    query.hide = {left};
}

class LogWalk::State {
public:
    State(std::shared_ptr<const Repository> repository, LogQuery query)
        : query_(std::move(query)),
          repository_(std::move(repository)),
          store_(repository_->git_folder()),
          reader_(store_) {
        for (const auto& path : query_.paths) paths_.emplace_back(reader_, plain_path(path));
    }

    std::vector<LoggedCommit> next_batch(std::size_t limit, const std::stop_token& stop) {
        if (!std::exchange(started_, true)) start(stop);
        std::vector<LoggedCommit> batch;
        while (batch.size() < limit && !queue_.empty() && !limit_reached()) {
            if (stop.stop_requested()) throw cancelled();
            const Waiting next = queue_.top();
            queue_.pop();
            if (query_.since && next.time < *query_.since) continue;
            const bool wanted = follow(next.id);
            if (!wanted || (query_.until && next.time > *query_.until)) continue;
            batch.push_back({read_commit(reader_, next.id), {}});
            ++given_;
        }
        if (query_.files || query_.stats) add_files(batch, stop);
        if (batch.empty() && cut_at_ && !limit_reached()) {
            throw shallow_error("the history ends at commit " + cut_at_->hex());
        }
        return batch;
    }

private:
    struct Waiting {
        std::int64_t time;
        std::uint64_t order;  // first come, first served among equals
        Oid id;
        bool operator<(const Waiting& other) const noexcept {
            return time != other.time ? time < other.time : order > other.order;
        }
    };
    using OidSet = std::unordered_set<Oid, OidHash>;

    bool limit_reached() const { return query_.limit && given_ >= *query_.limit; }
    void start(const std::stop_token& stop);
    void allow_ancestors_of(const Oid& tip, const std::stop_token& stop);
    const CommitLinks& links_of(const Oid& id);
    void add(const Oid& id);
    bool follow(const Oid& id);
    bool simplify(const Oid& id, CommitLinks& links);
    bool is_same(const Oid& tree, const Oid& other_tree);
    bool is_absent(const Oid& tree);
    bool is_relevant(const Oid& id) const;
    void add_files(std::vector<LoggedCommit>& batch, const std::stop_token& stop);

    LogQuery query_;
    std::shared_ptr<const Repository> repository_;
    ObjectStore store_;
    ObjectReader reader_;
    std::vector<TreePaths> paths_;
    std::vector<std::unique_ptr<CommitComparer>> comparers_;
    std::priority_queue<Waiting> queue_;
    std::unordered_map<Oid, CommitLinks, OidHash> known_;  // commits that were read and not yet followed
    OidSet seen_;
    std::optional<OidSet> allowed_;  // where commits are hidden: those that are not
    std::optional<Oid> cut_at_;
    std::uint64_t order_ = 0;
    std::int64_t given_ = 0;
    bool started_ = false;
};

void LogWalk::State::start(const std::stop_token& stop) {
    if (!query_.hide.empty()) {
        allowed_.emplace();
        for (const Oid& tip : query_.tips) allow_ancestors_of(tip, stop);
    }
    for (const Oid& tip : query_.tips) add(tip);
}

void LogWalk::State::allow_ancestors_of(const Oid& tip, const std::stop_token& stop) {
    const auto graph = usable_commit_graph(store_);
    History history(reader_, graph ? &*graph : nullptr, {tip, query_.hide, query_.since, query_.first_parent});
    history.load({}, stop);
    for (const auto& commit : history.commits()) {
        if (!commit.hidden) allowed_->insert(commit.oid);
    }
}

const CommitLinks& LogWalk::State::links_of(const Oid& id) {
    const auto [place, is_new] = known_.try_emplace(id);
    if (is_new) {
        read_commit_links(reader_, id, place->second);
        if (!place->second.parents.empty() && store_.is_shallow(id)) {
            place->second.parents.clear();
            cut_at_ = id;
        }
        if (query_.first_parent && place->second.parents.size() > 1) place->second.parents.resize(1);
    }
    return place->second;
}

void LogWalk::State::add(const Oid& id) {
    if (allowed_ && !allowed_->contains(id)) return;
    if (!seen_.insert(id).second) return;
    queue_.push({links_of(id).time, order_++, id});
}

/// Puts the parents into the queue; whether the commit itself is wanted.
bool LogWalk::State::follow(const Oid& id) {
    links_of(id);
    auto links = std::move(known_.extract(id).mapped());
    const bool wanted = paths_.empty() || simplify(id, links);
    for (const Oid& parent : links.parents) add(parent);
    return wanted;
}

/// As try_to_simplify_commit of git's revision.c: the first parent with the same paths is the only one followed, unless
/// it is outside of the range.
bool LogWalk::State::simplify(const Oid& id, CommitLinks& links) {
    // What the commit changed cannot be known where the clone was cut.
    if (links.parents.empty()) return !store_.is_shallow(id) && !is_absent(links.tree);
    bool any_relevant = false, relevant_change = false, same_as_outside = false;
    for (const Oid& parent : links.parents) {
        const bool relevant = is_relevant(parent);
        const bool same = is_same(links.tree, links_of(parent).tree);
        if (same && relevant) {
            links.parents = {Oid(parent)};
            return false;
        }
        any_relevant = any_relevant || relevant;
        relevant_change = relevant_change || (relevant && !same);
        same_as_outside = same_as_outside || same;
    }
    return any_relevant ? relevant_change : !same_as_outside;
}

bool LogWalk::State::is_relevant(const Oid& id) const {
    return !allowed_ || allowed_->contains(id) || std::ranges::find(query_.hide, id) != query_.hide.end();
}

bool LogWalk::State::is_same(const Oid& tree, const Oid& other_tree) {
    return tree == other_tree ||
           std::ranges::all_of(paths_, [&](TreePaths& path) { return path.find(tree) == path.find(other_tree); });
}

bool LogWalk::State::is_absent(const Oid& tree) {
    return std::ranges::all_of(paths_, [&](TreePaths& path) { return path.find(tree).is_absent(); });
}

/// The second half on a thread of its own, if there is enough to do.
void LogWalk::State::add_files(std::vector<LoggedCommit>& batch, const std::stop_token& stop) {
    constexpr std::size_t worth_a_thread = 16;
    for (const auto count = batch.size() >= worth_a_thread ? 2U : 1U; comparers_.size() < count;) {
        comparers_.push_back(std::make_unique<CommitComparer>(store_, query_));
    }
    const auto run = [&](CommitComparer& comparer, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (stop.stop_requested()) throw cancelled();
            batch[i].files = comparer.files_of(batch[i].commit);
        }
    };
    if (batch.size() < worth_a_thread) return run(*comparers_[0], 0, batch.size());
    const auto middle = batch.size() / 2;
    auto second = std::async(std::launch::async, [&] { run(*comparers_[1], middle, batch.size()); });
    run(*comparers_[0], 0, middle);
    second.get();
}

LogWalk::LogWalk(std::shared_ptr<const Repository> repository, LogQuery query)
    : state_(std::make_unique<State>(std::move(repository), std::move(query))) {}
LogWalk::~LogWalk() = default;

std::vector<LoggedCommit> LogWalk::next_batch(std::size_t limit, const std::stop_token& stop) {
    return state_->next_batch(limit, stop);
}

}  // namespace uhost::git

#include "api/git/log_walk.hpp"

#include <algorithm>
#include <future>
#include <limits>
#include <queue>
#include <unordered_map>
#include <utility>

#include "api/git/commit_filter.hpp"
#include "api/git/commit_sort.hpp"
#include "api/git/history/history.hpp"
#include "api/git/history/path_set.hpp"
#include "api/git/history/renames.hpp"
#include "api/git/history/two_sides.hpp"
#include "api/git/libgit2.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_at_once = 4096;
constexpr std::size_t max_remembered_paths = 4;

}  // namespace

class LogWalk::State {
public:
    using Index = CommitTable::Index;

    State(const Repository& repository, LogQuery query)
        : query_(std::move(query)), objects_(repository.objects()), reader_(*objects_), table_(reader_) {
        std::vector<std::string> paths;
        for (const auto& path : query_.paths) paths.push_back(plain_path(path));
        // What TreePaths remembers saves more than it costs, as long as it is for few paths.
        if (paths.size() > max_remembered_paths) path_set_.emplace(reader_, paths);
        for (const auto& path : paths) add_path(path);
    }

    std::vector<LoggedCommit> next_batch(std::size_t limit, const std::stop_token& stop) {
        if (!std::exchange(started_, true)) start(stop);
        std::vector<LoggedCommit> batch;
        if (query_.reverse) {
            take_reversed(batch, limit, stop);
        } else {
            take(batch, limit, stop);
        }
        if (batch.empty() && cut_at_ && !limit_reached()) {
            throw shallow_error("the history ends at commit " + cut_at_->hex());
        }
        return batch;
    }

private:
    struct Waiting {
        std::int64_t time;
        std::uint64_t order;  // first come, first served among equals
        Index index;
        bool operator<(const Waiting& other) const noexcept {
            return time != other.time ? time < other.time : order > other.order;
        }
    };
    /// A commit that the walk gives.
    struct Found {
        Index index;
        std::string path;  // with `follow`
    };
    /// What the walk made of one commit.
    struct Step {
        Index index;
        std::vector<Index> parents;  // those followed
        std::optional<Found> found;
        bool is_over = false;  // older than `since`
    };
    struct Marks {
        bool seen = false;
        bool is_hidden_tip = false;
        // Of limit_range:
        bool is_hidden = false;
        bool is_known = false;    // the parents are, for hidden to be passed on
        bool is_waiting = false;  // in the queue
    };

    bool limit_reached() const { return query_.limit && given_ >= *query_.limit; }
    void add_path(const std::string& path);
    void start(const std::stop_token& stop);
    void find_hidden(const std::stop_token& stop);
    void limit_range(const std::stop_token& stop);
    void wait_in_range(Index index);
    void hide(Index index);
    void hide_parents(Index index);
    void sort_all(const std::stop_token& stop);
    void take_sorted(CommitSort& sort);
    void take(std::vector<LoggedCommit>& batch, std::size_t limit, const std::stop_token& stop);
    void take_reversed(std::vector<LoggedCommit>& batch, std::size_t limit, const std::stop_token& stop);
    std::optional<Found> next(const std::stop_token& stop);
    Step walk_on(const std::stop_token& stop);
    void add(Index index);
    bool is_hidden(Index index) {
        return marks_[index].is_hidden || (sides_ && (sides_->side_of(index) & TwoSides::right) != 0);
    }
    bool is_relevant(Index index) { return !is_hidden(index) || marks_[index].is_hidden_tip; }
    std::vector<Index> parents_of(Index index);
    std::vector<Index> all_parents_of(Index index);
    bool simplify(Index index, std::vector<Index>& parents);
    bool follow(Index index, const std::vector<Index>& parents);
    bool is_same(Index index, Index parent, bool is_first);
    bool is_same(const PathEntry& root, const PathEntry& other);
    void complete(std::vector<LoggedCommit>& batch, std::vector<std::string>& texts, const std::stop_token& stop);

    LogQuery query_;
    std::shared_ptr<const ObjectStore> objects_;
    ObjectReader reader_;
    CommitTable table_;
    std::optional<TwoSides> sides_;  // where commits are hidden: on the right
    std::vector<TreePaths> paths_;
    std::optional<PathSet> path_set_;  // the same, where there are many
    std::vector<BloomPath> blooms_;
    std::vector<std::unique_ptr<CommitFilter>> filters_;
    std::priority_queue<Waiting> queue_;
    CommitMarks<Marks> marks_;
    std::unordered_map<Index, std::vector<Index>> followed_parents_;  // of limit_range
    std::size_t open_ = 0;                                            // waiting commits that are not hidden
    bool is_listed_ = false;                                          // all was found and is in `sorted_`
    std::vector<Found> sorted_;
    std::size_t sorted_at_ = 0;
    std::optional<std::vector<LoggedCommit>> reversed_;
    std::optional<Oid> cut_at_;
    std::string followed_;
    std::uint64_t order_ = 0;
    std::int64_t given_ = 0;
    bool started_ = false;
};

void LogWalk::State::add_path(const std::string& path) {
    paths_.emplace_back(reader_, path);
    blooms_.emplace_back(path);
}

void LogWalk::State::start(const std::stop_token& stop) {
    if (query_.follow) followed_ = plain_path(query_.paths.front());
    if (paths_.empty()) table_.keep_texts();
    if (!query_.hide.empty() && !paths_.empty() && !query_.follow) return limit_range(stop);
    if (!query_.hide.empty()) find_hidden(stop);
    for (const auto& tip : query_.tips) add(table_.find(tip));
    if (query_.order != LogOrder::as_found) sort_all(stop);
}

void LogWalk::State::find_hidden(const std::stop_token& stop) {
    sides_.emplace(table_, query_.first_parent);
    for (const auto& tip : query_.tips) sides_->start_at(table_.find(tip), TwoSides::left);
    for (const auto& hidden : query_.hide) {
        const auto index = table_.find(hidden);
        sides_->start_at(index, TwoSides::right);
        marks_[index].is_hidden_tip = true;
    }
    sides_->run(stop);
}

void LogWalk::State::wait_in_range(Index index) {
    auto& marks = marks_[index];
    if (std::exchange(marks.seen, true)) return;
    marks.is_known = marks.is_waiting = true;
    if (!marks.is_hidden) ++open_;
    queue_.push({table_.time(index), order_++, index});
}

void LogWalk::State::hide(Index index) {
    auto& marks = marks_[index];
    if (!std::exchange(marks.is_hidden, true) && marks.is_waiting) --open_;
}

/// Passes on that a commit is hidden, as far as parents are known.
void LogWalk::State::hide_parents(Index index) {
    std::vector<Index> pending{index};
    while (!pending.empty()) {
        const auto next = pending.back();
        pending.pop_back();
        if (!marks_[next].is_known) continue;
        const auto followed = followed_parents_.find(next);
        for (const auto parent : followed == followed_parents_.end() ? all_parents_of(next) : followed->second) {
            if (marks_[parent].is_hidden) continue;
            hide(parent);
            pending.push_back(parent);
        }
    }
}

/// As limit_list of git's revision.c: which parents count depends on what is known to be hidden when a commit is
/// simplified, so what is hidden is found out in the same walk, newest first.
void LogWalk::State::limit_range(const std::stop_token& stop) {
    constexpr int steps_after_end = 5;
    for (const auto& id : query_.hide) {
        const auto index = table_.find(id);
        marks_[index].is_hidden = marks_[index].is_hidden_tip = marks_[index].is_known = true;
        hide_parents(index);
        wait_in_range(index);
    }
    for (const auto& tip : query_.tips) wait_in_range(table_.find(tip));
    std::vector<Step> steps;
    auto oldest = std::numeric_limits<std::int64_t>::max();
    for (int left = steps_after_end; !queue_.empty() && left > 0;) {
        if (stop.stop_requested()) throw cancelled();
        const auto index = queue_.top().index;
        queue_.pop();
        if (query_.since && table_.time(index) < *query_.since) hide(index);
        marks_[index].is_waiting = false;
        if (marks_[index].is_hidden) {
            for (const auto parent : all_parents_of(index)) {
                hide(parent);
                marks_[parent].is_known = true;
                hide_parents(parent);
                wait_in_range(parent);
            }
            const bool go_on = !queue_.empty() && (oldest <= queue_.top().time || open_ > 0);
            left = go_on ? steps_after_end : left - 1;
            continue;
        }
        --open_;
        Step step{index, parents_of(index), {}};
        for (const auto parent : step.parents) marks_[parent].is_known = true;
        if (simplify(index, step.parents)) step.found = Found{index, {}};
        followed_parents_[index] = step.parents;
        for (const auto parent : step.parents) wait_in_range(parent);
        if (query_.until && table_.time(index) > *query_.until) continue;
        oldest = table_.time(index);
        steps.push_back(std::move(step));
    }
    CommitSort sort(table_, query_.order);
    for (auto& step : steps) {
        const bool hidden = marks_[step.index].is_hidden;
        if (!hidden && table_.is_cut(step.index)) cut_at_ = table_.id(step.index);
        const bool wanted = step.found && !hidden;
        if (query_.order == LogOrder::as_found) {
            if (wanted) sorted_.push_back({step.index, {}});
        } else {
            sort.add(step.index, std::move(step.parents), wanted);
        }
    }
    if (query_.order != LogOrder::as_found) take_sorted(sort);
    is_listed_ = true;
}

void LogWalk::State::take_sorted(CommitSort& sort) {
    for (const auto index : sort.sorted()) sorted_.push_back({index, {}});
    is_listed_ = true;
}

/// Walks to the end, then puts what was found into the order asked for.
void LogWalk::State::sort_all(const std::stop_token& stop) {
    CommitSort sort(table_, query_.order);
    while (!queue_.empty()) {
        auto step = walk_on(stop);
        if (!step.is_over) sort.add(step.index, std::move(step.parents), step.found.has_value());
    }
    take_sorted(sort);
}

std::optional<LogWalk::State::Found> LogWalk::State::next(const std::stop_token& stop) {
    if (is_listed_) {
        if (sorted_at_ == sorted_.size()) return std::nullopt;
        return sorted_[sorted_at_++];
    }
    while (!queue_.empty()) {
        if (auto step = walk_on(stop); step.found) return std::move(step.found);
    }
    return std::nullopt;
}

/// Takes the next commit from the queue and adds its parents.
LogWalk::State::Step LogWalk::State::walk_on(const std::stop_token& stop) {
    if (stop.stop_requested()) throw cancelled();
    Step step{queue_.top().index, {}, {}};
    queue_.pop();
    const auto time = table_.time(step.index);
    step.is_over = query_.since && time < *query_.since;
    if (step.is_over) return step;
    if (table_.is_cut(step.index)) cut_at_ = table_.id(step.index);
    step.parents = parents_of(step.index);
    auto path = followed_;
    const bool wanted =
        query_.follow ? follow(step.index, step.parents) : paths_.empty() || simplify(step.index, step.parents);
    for (const Index parent : step.parents) add(parent);
    if (wanted && (!query_.until || time <= *query_.until)) step.found = Found{step.index, std::move(path)};
    return step;
}

void LogWalk::State::add(Index index) {
    if (is_hidden(index) || std::exchange(marks_[index].seen, true)) return;
    queue_.push({table_.time(index), order_++, index});
}

std::vector<LogWalk::State::Index> LogWalk::State::all_parents_of(Index index) {
    std::vector<Index> parents;
    for (std::uint32_t i = 0; i < table_.parent_count(index); ++i) parents.push_back(table_.parent(index, i));
    return parents;
}

/// Those that the log follows.
std::vector<LogWalk::State::Index> LogWalk::State::parents_of(Index index) {
    if (!query_.first_parent || table_.parent_count(index) < 2) return all_parents_of(index);
    return std::vector{table_.parent(index, 0)};
}

/// As try_to_simplify_commit of git's revision.c: the first parent with the same paths is the only one followed, unless
/// it is outside of the range. Whether the commit itself is wanted.
bool LogWalk::State::simplify(Index index, std::vector<Index>& parents) {
    // What the commit changed cannot be known where the clone was cut.
    if (parents.empty()) {
        return !table_.is_cut(index) && !is_same(root_entry(table_.tree(index)), {});
    }
    bool any_relevant = false, relevant_change = false, change_outside = false, is_first = true;
    for (const Index parent : parents) {
        const bool relevant = is_relevant(parent);
        const bool same = is_same(index, parent, std::exchange(is_first, false));
        if (same && relevant) {
            parents = {Index(parent)};
            return false;
        }
        any_relevant = any_relevant || relevant;
        relevant_change = relevant_change || (relevant && !same);
        change_outside = change_outside || (!relevant && !same);
    }
    return any_relevant ? relevant_change : change_outside;
}

bool LogWalk::State::is_same(Index index, Index parent, bool is_first) {
    const auto& tree = table_.tree(index);
    const auto& other = table_.tree(parent);
    if (tree == other) return true;
    if (is_first && !table_.may_have_changed(index, blooms_)) return true;
    return is_same(root_entry(tree), root_entry(other));
}

bool LogWalk::State::is_same(const PathEntry& root, const PathEntry& other) {
    if (path_set_) return path_set_->is_same(root, other);
    const auto entry_of = [](TreePaths& path, const PathEntry& tree) {
        return tree.is_absent() ? PathEntry{} : path.find(tree.oid);
    };
    return std::ranges::all_of(paths_,
                               [&](TreePaths& path) { return entry_of(path, root) == entry_of(path, other); });
}

/// As `git log --follow`: nothing is simplified away, and merges change nothing. From the commit that gave the file its
/// name on, the one it had before is looked for.
bool LogWalk::State::follow(Index index, const std::vector<Index>& parents) {
    if (parents.size() > 1) return false;
    auto& path = paths_.front();
    if (parents.empty()) return !table_.is_cut(index) && !path.find(table_.tree(index)).is_absent();
    if (is_same(index, parents.front(), true)) return false;
    const auto before = root_entry(table_.tree(parents.front())), after = root_entry(table_.tree(index));
    if (!path.find(before.oid).is_absent()) return true;
    const TreeFile added{followed_, path.find(after.oid)};
    const auto removed = diff_entries(reader_, before, after, "", DifferenceOf::removed).removed;
    const auto renames = find_renames(reader_, removed, {&added, 1});
    if (renames.empty()) return true;
    followed_ = removed[renames.front().from].path;
    paths_.clear();
    blooms_.clear();
    add_path(followed_);
    return true;
}

void LogWalk::State::take(std::vector<LoggedCommit>& batch, std::size_t limit, const std::stop_token& stop) {
    while (batch.size() < limit && !limit_reached()) {
        auto wanted = std::min(limit - batch.size(), max_at_once);
        if (query_.limit) wanted = std::min(wanted, static_cast<std::size_t>(*query_.limit - given_));
        std::vector<LoggedCommit> found;
        std::vector<std::string> texts;
        while (found.size() < wanted) {
            auto commit = next(stop);
            if (!commit) break;
            auto& logged = found.emplace_back();
            logged.commit.id = table_.id(commit->index);
            logged.path = std::move(commit->path);
            texts.push_back(table_.take_text(commit->index));
        }
        const bool ended = found.size() < wanted;
        complete(found, texts, stop);
        given_ += static_cast<std::int64_t>(found.size());
        std::ranges::move(found, std::back_inserter(batch));
        if (ended) return;
    }
}

void LogWalk::State::take_reversed(std::vector<LoggedCommit>& batch, std::size_t limit, const std::stop_token& stop) {
    if (!reversed_) take(reversed_.emplace(), SIZE_MAX, stop);
    while (batch.size() < limit && !reversed_->empty()) {
        batch.push_back(std::move(reversed_->back()));
        reversed_->pop_back();
    }
}

/// Leaves those that the query wants. The second half on a thread of its own, if there is enough to do.
void LogWalk::State::complete(std::vector<LoggedCommit>& batch, std::vector<std::string>& texts,
                              const std::stop_token& stop) {
    constexpr std::size_t worth_a_thread = 16;
    for (const auto count = batch.size() >= worth_a_thread ? 2U : 1U; filters_.size() < count;) {
        filters_.push_back(std::make_unique<CommitFilter>(*objects_, query_));
    }
    std::vector<char> wanted(batch.size());
    const auto run = [&](CommitFilter& filter, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (stop.stop_requested()) throw cancelled();
            wanted[i] = filter.complete(batch[i], texts[i]) ? 1 : 0;
        }
    };
    const auto middle = batch.size() < worth_a_thread ? batch.size() : batch.size() / 2;
    std::future<void> second;
    if (middle < batch.size()) {
        second = std::async(std::launch::async, [&] { run(*filters_[1], middle, batch.size()); });
    }
    run(*filters_[0], 0, middle);
    if (second.valid()) second.get();
    std::size_t at = 0;
    std::erase_if(batch, [&](const LoggedCommit&) { return wanted[at++] == 0; });
}

LogWalk::LogWalk(const Repository& repository, LogQuery query)
    : state_(std::make_unique<State>(repository, std::move(query))) {}
LogWalk::~LogWalk() = default;

std::vector<LoggedCommit> LogWalk::next_batch(std::size_t limit, const std::stop_token& stop) {
    return state_->next_batch(limit, stop);
}

}  // namespace uhost::git

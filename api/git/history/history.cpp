#include "api/git/history/history.hpp"

namespace uhost::git {
namespace {

constexpr std::uint16_t most_older_in_a_row = 64;
constexpr unsigned hidden_extra = 256;
constexpr std::int64_t outside_of_graph = std::int64_t{1} << 60;
constexpr unsigned stop_check_interval = 256;

}  // namespace

Error cancelled() { return Error("git.cancelled", "the walk over the history was cancelled"); }

History::History(ObjectReader& reader, const CommitGraph* graph, HistoryRange range)
    : reader_(&reader), graph_(graph), range_(std::move(range)) {}

void History::load(const OnLoaded& on_loaded, const std::stop_token& stop) {
    if (graph_ != nullptr) by_position_.assign(graph_->size(), none);
    reach(load_commit(range_.tip, on_loaded), false, 0);
    for (const Oid& oid : range_.hide) hide(oid);
    for (unsigned steps = 0; !queue_.empty(); ++steps) {
        if (steps % stop_check_interval == 0 && stop.stop_requested()) throw cancelled();
        const Waiting next = queue_.top();
        if (is_done(next)) break;
        queue_.pop();
        expand(next.index, on_loaded);
    }
    check_not_cut();
}

/// A revision that is not in the repository hides nothing.
void History::hide(const Oid& oid) {
    if (!by_oid_.contains(oid) && (graph_ == nullptr || !graph_->find(oid)) &&
        !reader_->read_if_there(oid, ObjectType::commit)) {
        return;
    }
    reach(load_commit(oid, {}), true, 0);
}

std::int64_t History::key_of(const Commit& commit) const noexcept {
    if (commit.position == none) return commit.time + (graph_ != nullptr ? outside_of_graph : 0);
    return graph_->corrected_time(commit.position);
}

History::Index History::load_commit(const Oid& oid, const OnLoaded& on_loaded) {
    if (const auto known = by_oid_.find(oid); known != by_oid_.end()) return known->second;
    if (const auto position = graph_ != nullptr ? graph_->find(oid) : std::nullopt) return load_position(*position);
    read_commit_links(*reader_, oid, links_);
    const auto index = static_cast<Index>(commits_.size());
    Commit& commit = commits_.emplace_back();
    commit.oid = oid;
    commit.tree = links_.tree;
    commit.time = links_.time;
    commit.shallow = !links_.parents.empty() && reader_->store().is_shallow(oid);
    commit.parents_at = static_cast<Index>(parents_.size());
    commit.parent_count = commit.shallow ? 0 : static_cast<std::uint32_t>(links_.parents.size());
    parents_.resize(parents_.size() + commit.parent_count, none);
    parent_oids_.resize(parents_.size());
    std::copy_n(links_.parents.begin(), commit.parent_count, parent_oids_.begin() + commit.parents_at);
    by_oid_.emplace(oid, index);
    if (on_loaded) on_loaded(index, commits_.back());
    return index;
}

History::Index History::load_position(std::uint32_t position) {
    if (by_position_[position] != none) return by_position_[position];
    const auto index = static_cast<Index>(commits_.size());
    Commit& commit = commits_.emplace_back();
    commit.oid = graph_->oid(position);
    commit.tree = graph_->tree(position);
    commit.time = graph_->time(position);
    commit.position = position;
    positions_.clear();
    graph_->append_parents(position, positions_);
    commit.parents_at = static_cast<Index>(parents_.size());
    commit.parent_count = static_cast<std::uint32_t>(positions_.size());
    // Until the commit is expanded its slots hold positions.
    parents_.insert(parents_.end(), positions_.begin(), positions_.end());
    parent_oids_.resize(parents_.size());
    by_position_[position] = index;
    return index;
}

/// Notes that a walk came to a commit, and queues it if that is news.
void History::reach(Index index, bool hidden, std::uint16_t run) {
    Commit& commit = commits_[index];
    const bool newly_hidden = hidden && !commit.hidden;
    const bool closer = !hidden && !commit.hidden && run < commit.run;
    const bool first = commit.run == unreached && !commit.hidden;
    if (newly_hidden && commit.waiting) --wanted_waiting_;
    if (newly_hidden) commit.hidden = true;
    if (closer) commit.run = run;
    if (commit.waiting || !(first || newly_hidden || closer)) return;
    commit.waiting = true;
    if (!commit.hidden) ++wanted_waiting_;
    queue_.push({key_of(commit), index});
}

bool History::is_done(const Waiting& next) {
    if (wanted_waiting_ > 0) {
        extra_ = 0;
        return false;
    }
    if (commits_[next.index].time >= oldest_wanted_) return false;
    return ++extra_ > hidden_extra;
}

void History::expand(Index index, const OnLoaded& on_loaded) {
    commits_[index].waiting = false;
    const bool hidden = commits_[index].hidden;
    std::uint16_t run = 0;
    if (!hidden) {
        --wanted_waiting_;
        oldest_wanted_ = std::min(oldest_wanted_, commits_[index].time);
        const bool older = range_.since && commits_[index].time < *range_.since;
        run = older ? static_cast<std::uint16_t>(commits_[index].run + 1) : 0;
        if (run > most_older_in_a_row) return;
    }
    load_parents(index, on_loaded);
    const Commit commit = commits_[index];
    for (std::uint32_t i = 0; i < commit.parent_count; ++i) {
        const Index parent = parents_[commit.parents_at + i];
        if (parent != none) reach(parent, hidden, run);
    }
}

void History::load_parents(Index index, const OnLoaded& on_loaded) {
    if (commits_[index].expanded) return;
    // A hidden commit keeps all of its parents: everything behind it is hidden.
    if (range_.first_parent && !commits_[index].hidden && commits_[index].parent_count > 1) {
        commits_[index].parent_count = 1;
    }
    const Commit commit = commits_[index];
    for (std::uint32_t i = 0; i < commit.parent_count; ++i) {
        const Index slot = commit.parents_at + i;
        if (commit.position != none) {
            parents_[slot] = load_position(parents_[slot]);
        } else if (const Oid oid = parent_oids_[slot];
                   !commit.hidden || by_oid_.contains(oid) || reader_->read_if_there(oid, ObjectType::commit)) {
            parents_[slot] = load_commit(oid, commit.hidden ? OnLoaded() : on_loaded);
        }
    }
    commits_[index].expanded = true;
}

void History::check_not_cut() const {
    for (const Commit& commit : commits_) {
        if (!commit.shallow || commit.hidden || commit.run == unreached) continue;
        if (range_.since && commit.time < *range_.since) continue;
        throw Error("git.shallow",
                    "the history of this shallow clone ends at commit " + commit.oid.hex() + ", inside the asked range")
            .hint("fetch all of it: 'git fetch --unshallow', or 'fetch-depth: 0' for actions/checkout")
            .with("oid", commit.oid.hex());
    }
}

}  // namespace uhost::git

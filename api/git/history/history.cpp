#include "api/git/history/history.hpp"

namespace uhost::git {

namespace {

Error unborn_head_error(const ObjectStore& store) {
    ReferenceHandle head;
    check(attempt(git_reference_lookup, out(head), store.repository(), "HEAD"), "cannot read HEAD", store.repository());
    const char* target = git_reference_symbolic_target(head.get());
    const std::string branch = target != nullptr ? target : "";
    return Error("git.unborn_head", "HEAD of the repository at " + store.path().string() + " names " + branch +
                                        ", which is not there, although there are other references")
        .hint("check a branch out, name a revision, or point HEAD at a branch that is there: 'git symbolic-ref HEAD "
              "refs/heads/NAME'")
        .with("ref", branch);
}

bool has_references(const ObjectStore& store) {
    ReferenceIteratorHandle references;
    check(attempt(git_reference_iterator_new, out(references), store.repository()), "cannot list the references");
    const char* name = nullptr;
    return attempt(git_reference_next_name, &name, references.get()).ok();
}

}  // namespace

Oid peel_to_commit(const ObjectStore& store, const Oid& oid) {
    const git_oid id = to_git_oid(oid);
    ObjectHandle object;
    const auto outcome = attempt(git_object_lookup, out(object), store.repository(), &id, GIT_OBJECT_ANY);
    if (!outcome.ok()) {
        throw Error("git.missing_object",
                    "revision " + oid.hex() + " is missing from the repository at " + store.path().string())
            .hint("fetch it, or name a revision that is there; see 'git fsck --connectivity-only'")
            .native(outcome.message)
            .with("oid", oid.hex());
    }
    ObjectHandle commit;
    const auto peeled = attempt(git_object_peel, out(commit), object.get(), GIT_OBJECT_COMMIT);
    if (!peeled.ok()) {
        throw Error("git.not_a_commit", "revision " + oid.hex() + " is not a commit")
            .hint("name a commit, a branch or a tag of a commit")
            .native(peeled.message)
            .with("oid", oid.hex());
    }
    return from_git_oid(*git_object_id(commit.get()));
}

std::optional<Oid> head_commit(const ObjectStore& store) {
    git_oid id;
    const auto outcome = attempt(git_reference_name_to_id, &id, store.repository(), "HEAD");
    if (outcome.code == GIT_ENOTFOUND) {
        if (has_references(store)) throw unborn_head_error(store);
        return std::nullopt;
    }
    if (!outcome.ok()) {
        throw Error("git.head", "cannot read HEAD of the repository at " + store.path().string())
            .hint("see 'git symbolic-ref HEAD' and 'git fsck'")
            .native(outcome.message);
    }
    return peel_to_commit(store, from_git_oid(id));
}

namespace {

constexpr std::uint16_t max_older_in_a_row = 64;
constexpr unsigned extra_hidden = 256;
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

std::optional<History::Index> History::find(const Oid& oid) const {
    if (const auto known = by_oid_.find(oid); known != by_oid_.end()) return known->second;
    const auto position = graph_ != nullptr ? graph_->find(oid) : std::nullopt;
    if (!position || by_position_[*position] == none) return std::nullopt;
    return by_position_[*position];
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
    return ++extra_ > extra_hidden;
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
        if (run > max_older_in_a_row) return;
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
namespace {

/// Merges nested deeper than this count as if their side were part of the line they are on.
constexpr std::uint32_t max_nesting = 64;

}  // namespace

CommitOrder::CommitOrder(const History& history) : history_(&history), places_(history.commits().size()) {
    const auto& commits = history.commits();
    for (Index i = 0; i < commits.size(); ++i) {
        if (commits[i].hidden) continue;
        for (const Index parent : history.parents(i)) ++places_[parent].children_left;
    }
    if (!commits[History::tip].hidden) {
        places_[History::tip].mainline = History::tip;
        add_ready(History::tip);
    }
}

void CommitOrder::add_ready(Index index) { ready_.push({(*history_)[index].time, turns_++, index}); }

std::optional<CommitOrder::Index> CommitOrder::next() {
    if (ready_.empty()) return std::nullopt;
    const Index index = ready_.top().index;
    ready_.pop();
    places_[index].number = ++given_;
    bool is_first = true;
    for (const Index parent : history_->parents(index)) {
        pass_to_parent(index, parent, is_first);
        is_first = false;
        if (--places_[parent].children_left == 0 && !(*history_)[parent].hidden) add_ready(parent);
    }
    return index;
}

CommitOrder::Index CommitOrder::mainline_merge(Index index) const noexcept {
    const Index mainline = places_[index].mainline;
    return mainline == index ? History::none : mainline;
}

/// Every child is given before its parents, so what is known of the child is final, and the parent keeps the best of
/// what its children pass on.
void CommitOrder::pass_to_parent(Index child, Index parent, bool is_first) {
    const Place& from = places_[child];
    Place& to = places_[parent];
    if (is_first && from.mainline == child) {
        to.mainline = parent;
        to.innermost = History::none;
        to.depth = 0;
        return;
    }
    if (to.mainline == parent) return;
    const Index merge = is_first || from.depth >= max_nesting ? from.innermost : child;
    if (to.innermost != History::none && !brought_earlier(merge, to.innermost)) return;
    to.innermost = merge;
    to.mainline = from.mainline;
    to.depth = places_[merge].depth + 1;
}

/// Whether being on the side of merge `a` is more exact than being on that of `b`. The merges around each form a path
/// inwards; where the paths part, the older merge was the first to bring the commit in. If one path is part of the
/// other, the commit lies on the shorter one's line, and the longer one only branched off there.
bool CommitOrder::brought_earlier(Index a, Index b) const noexcept {
    Index outer_a = a;
    Index outer_b = b;
    while (places_[outer_a].depth > places_[outer_b].depth) outer_a = places_[outer_a].innermost;
    while (places_[outer_b].depth > places_[outer_a].depth) outer_b = places_[outer_b].innermost;
    if (outer_a == outer_b) return places_[a].depth < places_[b].depth;
    while (places_[outer_a].innermost != places_[outer_b].innermost) {
        outer_a = places_[outer_a].innermost;
        outer_b = places_[outer_b].innermost;
    }
    return places_[outer_a].number > places_[outer_b].number;
}

}  // namespace uhost::git

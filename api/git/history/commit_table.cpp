#include "api/git/history/commit_table.hpp"

#include <algorithm>

namespace uhost::git {
namespace {

constexpr std::int64_t key_outside_of_graph = std::int64_t{1} << 60;

}  // namespace

CommitTable::CommitTable(ObjectReader& reader) : reader_(reader), graph_(reader.store().commit_graph()) {
    if (graph_ != nullptr) by_position_.assign(graph_->size(), none);
}

CommitTable::Index CommitTable::find(const Oid& id) {
    if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
    if (const auto position = graph_ != nullptr ? graph_->find(id) : std::nullopt) return add_from_graph(*position);
    return add_from_object(id, as_text(reader_.read(id, ObjectType::commit)));
}

CommitTable::Index CommitTable::find_if_there(const Oid& id) {
    if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
    if (const auto position = graph_ != nullptr ? graph_->find(id) : std::nullopt) return add_from_graph(*position);
    const auto text = reader_.read_if_there(id, ObjectType::commit);
    return text ? add_from_object(id, as_text(*text)) : none;
}

CommitTable::Index CommitTable::add_from_graph(std::uint32_t position) {
    if (by_position_[position] != none) return by_position_[position];
    const auto index = static_cast<Index>(commits_.size());
    positions_.clear();
    if (!graph_->append_parents(position, positions_) ||
        parents_.size() + positions_.size() > graph_->max_parents() + parent_ids_.size()) {
        throw corrupt_graph_error(reader_.store());
    }
    commits_.push_back({graph_->oid(position), graph_->tree(position), graph_->time(position), position,
                        static_cast<std::uint32_t>(parents_.size()), static_cast<std::uint32_t>(positions_.size())});
    for (const auto parent : positions_) parents_.push_back(unresolved | parent);
    by_position_[position] = index;
    return index;
}

CommitTable::Index CommitTable::add_from_object(const Oid& id, std::string_view text) {
    if (!parse_commit_links(text, links_)) throw reader_.corrupt(id, "is not a well-formed commit");
    const auto index = static_cast<Index>(commits_.size());
    if (keep_texts_) texts_.emplace(index, text);
    auto& entry = commits_.emplace_back();
    entry.id = id;
    entry.tree = links_.tree;
    entry.time = links_.time;
    entry.from_object = true;
    entry.cut = !links_.parents.empty() && reader_.store().is_shallow(id);
    entry.parents_at = static_cast<std::uint32_t>(parents_.size());
    entry.parent_count = entry.cut ? 0 : static_cast<std::uint32_t>(links_.parents.size());
    for (std::uint32_t i = 0; i < entry.parent_count; ++i) {
        parents_.push_back(unresolved | static_cast<std::uint32_t>(parent_ids_.size()));
        parent_ids_.push_back(links_.parents[i]);
    }
    by_id_.emplace(id, index);
    return index;
}

CommitTable::Index CommitTable::parent(Index index, std::uint32_t number) {
    const auto slot = commits_[index].parents_at + number;
    const auto value = parents_[slot];
    if ((value & unresolved) == 0) return value;
    // A commit that was read from its object names its parents by id, even if it was found in the graph later.
    const auto place = value & ~unresolved;
    const auto found = commits_[index].from_object ? find(Oid(parent_ids_[place])) : add_from_graph(place);
    parents_[slot] = found;
    return found;
}

std::int64_t CommitTable::key(Index index) const noexcept {
    const auto& commit = commits_[index];
    if (commit.position != none) return graph_->corrected_time(commit.position);
    return commit.time + (graph_ != nullptr ? key_outside_of_graph : 0);
}

bool CommitTable::may_have_changed(Index index, const std::vector<BloomPath>& paths) const noexcept {
    const auto position = commits_[index].position;
    if (position == none) return true;
    return std::ranges::any_of(paths, [&](const BloomPath& path) { return graph_->may_have_changed(position, path); });
}

std::string CommitTable::take_text(Index index) {
    if (const auto kept = texts_.extract(index)) return std::move(kept.mapped());
    return std::string(as_text(reader_.read(commits_[index].id, ObjectType::commit)));
}

std::string_view CommitTable::text(Index index) {
    if (const auto kept = texts_.find(index); kept != texts_.end()) return kept->second;
    return as_text(reader_.read(commits_[index].id, ObjectType::commit));
}

}  // namespace uhost::git

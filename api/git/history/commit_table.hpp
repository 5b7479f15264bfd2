#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/git/history/commit_graph.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/history/objects.hpp"

namespace uhost::git {

/// The commits that a walk came to, numbered as it did: from the commit-graph where it has them, else from their
/// objects. Parents are read when asked for. For one thread.
class CommitTable {
public:
    using Index = std::uint32_t;
    static constexpr Index none = UINT32_MAX;

    explicit CommitTable(ObjectReader& reader);

    /// Keeps what is read of commits from objects for `take_text`, so that they need not be read again.
    void keep_texts() noexcept { keep_texts_ = true; }

    /// The number of a commit. Raises what `read_commit_links` raises, or `git.corrupt_graph`.
    Index find(const Oid& id);
    /// The same; `none` for a commit that is not in the repository.
    Index find_if_there(const Oid& id);

    const Oid& id(Index index) const noexcept { return commits_[index].id; }
    const Oid& tree(Index index) const noexcept { return commits_[index].tree; }
    std::int64_t time(Index index) const noexcept { return commits_[index].time; }
    /// Whether a shallow clone was cut here: its parents are left out.
    bool is_cut(Index index) const noexcept { return commits_[index].cut; }
    /// Whether `key` says for certain that no ancestor comes before it.
    bool is_in_graph(Index index) const noexcept { return commits_[index].position != none; }

    bool has_graph() const noexcept { return graph_ != nullptr; }

    /// Larger than that of every ancestor in the graph; commits outside of the graph, which cannot be ancestors of those
    /// in it, are ordered by date.
    std::int64_t key(Index index) const noexcept;

    std::uint32_t parent_count(Index index) const noexcept { return commits_[index].parent_count; }
    /// A parent by its number from 0.
    Index parent(Index index, std::uint32_t number);

    /// False only if the commit certainly left all of `paths` as its first parent has them.
    bool may_have_changed(Index index, const std::vector<BloomPath>& paths) const noexcept;

    /// The content of a commit's object; what was kept of it is gone then.
    std::string take_text(Index index);
    /// The same, valid until the next read; what was kept stays.
    std::string_view text(Index index);

    std::size_t size() const noexcept { return commits_.size(); }

private:
    static constexpr std::uint32_t unresolved = 0x80000000;

    struct Entry {
        Oid id, tree;
        std::int64_t time = 0;
        std::uint32_t position = none;  // in the graph
        std::uint32_t parents_at = 0;   // in parents_
        std::uint32_t parent_count = 0;
        bool from_object = false;
        bool cut = false;
    };

    Index add_from_graph(std::uint32_t position);
    Index add_from_object(const Oid& id, std::string_view text);

    ObjectReader& reader_;
    const CommitGraph* graph_;
    bool keep_texts_ = false;
    std::vector<Entry> commits_;
    /// Numbers; or unresolved | position in the graph, or unresolved | place in parent_ids_ for those from objects.
    std::vector<std::uint32_t> parents_;
    std::vector<Oid> parent_ids_;
    std::unordered_map<Oid, Index, OidHash> by_id_;  // those from objects
    std::vector<Index> by_position_;
    std::unordered_map<Index, std::string> texts_;
    CommitLinks links_;
    std::vector<std::uint32_t> positions_;
};

/// A number of marks for each commit of a table, grown as needed.
template <class Mark>
class CommitMarks {
public:
    Mark& operator[](CommitTable::Index index) {
        if (index >= marks_.size()) marks_.resize(std::max<std::size_t>(index + 1, 2 * marks_.size()));
        return marks_[index];
    }

private:
    std::vector<Mark> marks_;
};

}  // namespace uhost::git

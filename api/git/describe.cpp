#include "api/git/describe.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "api/git/ancestry.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

using Index = CommitTable::Index;

/// A tag as the name of a commit.
struct TagName {
    std::string name;
    std::optional<Oid> object;  ///< of an annotated tag
};

using TagNames = std::unordered_map<Oid, TagName, OidHash>;

ObjectHandle tag_object(git_repository* repository, const Oid& id) {
    const auto raw = to_git_oid(id);
    ObjectHandle tag;
    check(attempt(git_object_lookup, out(tag), repository, &raw, GIT_OBJECT_TAG), "cannot read a tag", repository);
    return tag;
}

std::int64_t time_of_tag(git_repository* repository, const Oid& id) {
    const auto object = tag_object(repository, id);
    const auto* tagger = git_tag_tagger(reinterpret_cast<git_tag*>(object.get()));
    return tagger == nullptr ? 0 : tagger->when.time;
}

/// Of several tags on one commit an annotated one is its name, of those the newest, else the first.
bool is_better(git_repository* repository, const TagName& tag, const TagName& known) {
    if (!tag.object || !known.object) return tag.object.has_value() && !known.object;
    return time_of_tag(repository, *tag.object) > time_of_tag(repository, *known.object);
}

/// What a tag stands for in the end, and its own object if it has one; nothing if that is missing. What packed
/// references say of it saves reading the tag.
std::optional<std::pair<Oid, std::optional<Oid>>> target_of(git_repository* repository, git_odb* odb,
                                                            const git_reference* reference) {
    const auto* direct = git_reference_target(reference);
    if (direct == nullptr) return std::nullopt;
    if (const auto* peeled = git_reference_target_peel(reference)) {
        return std::pair(from_git_oid(*peeled), std::optional(from_git_oid(*direct)));
    }
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, odb, direct) != 0) return std::nullopt;
    if (type != GIT_OBJECT_TAG) return std::pair(from_git_oid(*direct), std::optional<Oid>());
    ObjectHandle object, target;
    if (git_object_lookup(out(object), repository, direct, GIT_OBJECT_TAG) != 0) return std::nullopt;
    if (git_object_peel(out(target), object.get(), GIT_OBJECT_ANY) != 0) return std::nullopt;
    return std::pair(from_git_oid(*git_object_id(target.get())), std::optional(from_git_oid(*direct)));
}

TagNames tag_names(git_repository* repository, const DescribeQuery& query) {
    constexpr std::string_view prefix = "refs/tags/";
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), repository), "cannot open the object database", repository);
    ReferenceIteratorHandle iterator;
    check(attempt(git_reference_iterator_glob_new, out(iterator), repository, "refs/tags/*"), "cannot list the tags",
          repository);
    TagNames names;
    ReferenceHandle reference;
    while (git_reference_next(out(reference), iterator.get()) == 0) {
        const auto name = std::string(git_reference_name(reference.get())).substr(prefix.size());
        if (!query.pattern.empty() && fnmatch(query.pattern.c_str(), name.c_str(), 0) != 0) continue;
        const auto target = target_of(repository, odb.get(), reference.get());
        if (!target || !(target->second || query.lightweight)) continue;
        const TagName tag{name, target->second};
        const auto [place, is_new] = names.try_emplace(target->first, tag);
        if (!is_new && is_better(repository, tag, place->second)) place->second = tag;
    }
    return names;
}

struct NearestTag {
    Index commit;
    std::size_t distance;  ///< commits since
};

/// Looks for the nearest tag, in the manner of git's describe.c: commits newest first, each with a bit for every tag it
/// is an ancestor of. A tag's distance is the number of commits that have not its bit.
class TagSearch {
public:
    TagSearch(CommitTable& table, const TagNames& names, const DescribeQuery& query)
        : table_(table), names_(names), query_(query), max_candidates_(std::min(query.candidates, max_bits)) {}

    std::optional<NearestTag> run(Index start, const std::string& what) {
        add(start);
        bool cut = false;
        while (!queue_.empty()) {
            const auto index = queue_.top().index;
            queue_.pop();
            const bool tagged = names_.contains(table_.id(index));
            if (tagged && found_.size() == max_candidates_) break;
            if (marks_[index].tags != all_) --incomplete_;
            if (tagged) add_candidate(index);
            ++seen_;
            for (std::size_t i = 0; i < found_.size(); ++i) {
                if ((marks_[index].tags >> i & 1) == 0) ++found_[i].distance;
            }
            marks_[index].waiting = false;
            pass_on(index);
            cut = cut || table_.is_cut(index);
            // What is left is behind every tag found: no distance grows any more, and another tag would be further.
            if (!found_.empty() && incomplete_ == 0) break;
        }
        if (found_.empty() && cut) throw shallow_error(what);
        if (found_.empty()) return std::nullopt;
        return *std::ranges::min_element(found_, {}, &NearestTag::distance);
    }

private:
    static constexpr unsigned max_bits = 26;  // as in git

    struct Marks {
        std::uint32_t tags = 0;
        bool seen = false, waiting = false;
    };
    struct Waiting {
        std::int64_t time;
        std::size_t order;
        Index index;
        bool operator<(const Waiting& other) const noexcept {
            return time != other.time ? time < other.time : order > other.order;
        }
    };

    void add(Index index) {
        auto& marks = marks_[index];
        marks.seen = marks.waiting = true;
        if (marks.tags != all_) ++incomplete_;
        waiting_.push_back(index);
        queue_.push({table_.time(index), order_++, index});
    }

    void add_candidate(Index index) {
        const auto bit = std::uint32_t{1} << found_.size();
        found_.push_back({index, seen_});
        marks_[index].tags |= bit;
        all_ |= bit;
        // None of those that wait has the new bit.
        std::erase_if(waiting_, [&](Index other) { return other == index || !marks_[other].waiting; });
        incomplete_ = waiting_.size();
    }

    void pass_on(Index index) {
        const auto count = query_.first_parent ? std::min(table_.parent_count(index), 1U) : table_.parent_count(index);
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto parent = table_.parent(index, i);
            const auto tags = marks_[index].tags;
            auto& marks = marks_[parent];
            const bool completes = marks.waiting && marks.tags != all_ && (marks.tags | tags) == all_;
            marks.tags |= tags;
            if (completes) --incomplete_;
            if (!marks.seen) add(parent);
        }
    }

    CommitTable& table_;
    const TagNames& names_;
    const DescribeQuery& query_;
    unsigned max_candidates_;
    CommitMarks<Marks> marks_;
    std::priority_queue<Waiting> queue_;
    std::vector<Index> waiting_;  // those in the queue, and some that were
    std::vector<NearestTag> found_;
    std::uint32_t all_ = 0;  // the bits of all found
    std::size_t incomplete_ = 0;  // commits in the queue without all bits
    std::size_t seen_ = 0, order_ = 0;
};

std::string abbreviated(git_repository* repository, const Oid& id, unsigned digits) {
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), repository), "cannot open the object database", repository);
    const auto raw = to_git_oid(id);
    git_oid found;
    while (digits < 2 * Oid::size && git_odb_exists_prefix(&found, odb.get(), &raw, digits) == GIT_EAMBIGUOUS) ++digits;
    return id.hex().substr(0, digits);
}

/// An annotated tag is called what it calls itself.
std::string shown_name(git_repository* repository, const TagName& tag) {
    if (!tag.object) return tag.name;
    return git_tag_name(reinterpret_cast<git_tag*>(tag_object(repository, *tag.object).get()));
}

}  // namespace

std::optional<std::string> describe(const Repository& repository, const DescribeQuery& query) {
    const auto lease = repository.lease();
    const auto commit = require_commit(lease, query.revision);
    const auto names = tag_names(lease, query);
    const auto with_distance = [&](const TagName& tag, std::size_t distance) {
        const auto name = shown_name(lease, tag);
        if (query.abbreviation == 0) return name;
        return fmt::format("{}-{}-g{}", name, distance, abbreviated(lease, commit, query.abbreviation));
    };
    if (const auto own = names.find(commit); own != names.end()) {
        return query.long_form ? with_distance(own->second, 0) : shown_name(lease, own->second);
    }
    if (!query.exact) {
        const auto objects = repository.objects();
        ObjectReader reader(*objects);
        CommitTable table(reader);
        const auto start = table.find(commit);
        if (const auto nearest = TagSearch(table, names, query).run(start, "cannot describe '" + query.revision + "'")) {
            const auto& tag = names.at(table.id(nearest->commit));
            const auto distance =
                query.first_parent ? nearest->distance : count_sides(table, start, nearest->commit).ahead;
            return with_distance(tag, distance);
        }
    }
    if (!query.always) return std::nullopt;
    return abbreviated(lease, commit, query.abbreviation == 0 ? 2 * Oid::size : query.abbreviation);
}

}  // namespace uhost::git

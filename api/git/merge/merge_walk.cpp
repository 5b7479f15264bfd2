// Collects what differs between three trees. Folders that two of them share are not read, unless a file that went from
// one side is to be looked for there.
#include <algorithm>

#include "api/git/merge/merge_state.hpp"

namespace uhost::git {
namespace {

constexpr unsigned max_folder_depth = 1000;
constexpr std::size_t max_merge_paths = 1'000'000;

/// A name in one folder of the three trees; a file and a folder of one name are one item.
struct Item {
    std::string name;
    std::array<PathEntry, 3> entries;
    unsigned file_mask = 0, folder_mask = 0;
};

class MergeWalk {
public:
    explicit MergeWalk(MergeState& state) : state_(state) {}

    void run() {
        walk("", state_.roots, 0, 0);
        for (const unsigned side : {our_stage, their_stage}) settle_deferred(side);
    }

private:
    /// A folder that only `side` changed, or that is new there.
    struct Deferred {
        std::string path;
        Item item;
        unsigned rename_mask;
        unsigned depth;
    };

    // `rename_mask` says whether renames of folders matter here, as merge-ort's dir_rename_mask: 2 or 4 if one side
    // removed a folder above that this side still has, 7 once that side adds a file to one.
    void walk(const std::string& path, const std::array<PathEntry, 3>& folders, unsigned rename_mask, unsigned depth) {
        state_.check_stop();
        if (depth > max_folder_depth) throw limit("folders are nested more than 1,000 deep", path);
        const auto items = differing(folders);
        if (rename_mask == mask_of(our_stage) || rename_mask == mask_of(their_stage)) {
            const bool is_added_to =
                std::ranges::any_of(items, [&](const Item& item) { return item.file_mask == rename_mask; });
            if (is_added_to) rename_mask = all_stages;
        }
        for (const auto& item : items) visit(path, item, rename_mask, depth);
    }

    std::vector<Item> differing(const std::array<PathEntry, 3>& folders) {
        TreeCursor base(state_.reader(), as_folder(folders[0])), ours(state_.reader(), as_folder(folders[1])),
            theirs(state_.reader(), as_folder(folders[2]));
        const std::array<TreeCursor*, 3> cursors{&base, &ours, &theirs};
        std::vector<Item> items;
        while (true) {
            TreeCursor::skip_same(base, ours, theirs);
            const TreeRow* first = nullptr;
            for (const auto* cursor : cursors) {
                if (cursor->at_end()) continue;
                if (first == nullptr || compare_tree_rows(cursor->row(), *first) < 0) first = &cursor->row();
            }
            if (first == nullptr) break;
            const TreeRow row = *first;
            auto& item = items.emplace_back();
            item.name = row.name;
            if (item.name.find('/') != std::string::npos) throw corrupt_name(folders, item.name);
            for (unsigned stage = 0; stage < 3; ++stage) {
                auto& cursor = *cursors[stage];
                if (cursor.at_end() || cursor.row().name != item.name ||
                    cursor.row().entry.is_tree() != row.entry.is_tree()) {
                    continue;
                }
                item.entries[stage] = {canonical_mode(cursor.row().entry.mode), cursor.row().entry.oid};
                (row.entry.is_tree() ? item.folder_mask : item.file_mask) |= mask_of(stage);
            }
            for (unsigned stage = 0; stage < 3; ++stage) {
                if (!item.entries[stage].is_absent()) cursors[stage]->next();
            }
        }
        return folded(std::move(items));
    }

    /// A slash in a name would be taken for a folder.
    Error corrupt_name(const std::array<PathEntry, 3>& folders, const std::string& name) const {
        const auto tree = std::ranges::find_if(folders, [](const PathEntry& entry) { return entry.is_tree(); });
        return state_.reader().corrupt(tree->oid, "or a version of it has a name with a slash: " + name.substr(0, 200));
    }

    static PathEntry as_folder(const PathEntry& entry) { return entry.is_tree() ? entry : PathEntry{}; }

    /// A file and a folder of one name become one item.
    static std::vector<Item> folded(std::vector<Item> items) {
        const bool may_collide = std::ranges::any_of(items, [](const Item& item) { return item.folder_mask != 0; });
        if (!may_collide) return items;
        std::ranges::stable_sort(items, {}, &Item::name);
        std::vector<Item> whole;
        for (auto& item : items) {
            if (whole.empty() || whole.back().name != item.name) {
                whole.push_back(std::move(item));
                continue;
            }
            auto& both = whole.back();
            both.file_mask |= item.file_mask;
            both.folder_mask |= item.folder_mask;
            for (unsigned stage = 0; stage < 3; ++stage) {
                if (!item.entries[stage].is_absent()) both.entries[stage] = item.entries[stage];
            }
        }
        return whole;
    }

    static unsigned match_mask_of(const Item& item) {
        const auto& [base, ours, theirs] = item.entries;
        const bool ours_is_base = !ours.is_absent() && ours == base,
                   theirs_is_base = !theirs.is_absent() && theirs == base;
        if (ours_is_base) return theirs_is_base ? 7 : 3;
        if (theirs_is_base) return 5;
        return !ours.is_absent() && ours == theirs ? 6 : 0;
    }

    void visit(const std::string& folder, const Item& item, unsigned rename_mask, unsigned depth) {
        const auto path = folder.empty() ? item.name : folder + '/' + item.name;
        const auto match_mask = match_mask_of(item);
        if (match_mask == all_stages) return;
        if (item.file_mask == all_stages && match_mask != 0) {
            if (match_mask == 3) state_.edit.set(path, item.entries[their_stage]);
            return;
        }
        if (state_.options.renames) note_renames(folder, path, item, match_mask, rename_mask);
        if (item.file_mask != 0) add_path(path, item, match_mask);
        if (item.folder_mask != 0) visit_folder(path, item, match_mask, rename_mask, depth);
    }

    void add_path(const std::string& path, const Item& item, unsigned match_mask) {
        if (state_.paths.size() == max_merge_paths) throw limit("a merge of more than a million files", path);
        auto& added = state_.paths[path];
        for (unsigned stage = 0; stage < 3; ++stage) {
            if (!item.entries[stage].is_tree()) added.stages[stage] = item.entries[stage];
            added.names[stage] = path;
        }
        added.original = item.entries[our_stage];
        added.file_mask = item.file_mask;
        added.folder_mask = item.folder_mask;
        added.match_mask = match_mask & item.file_mask;
    }

    void visit_folder(const std::string& path, const Item& item, unsigned match_mask, unsigned rename_mask,
                      unsigned depth) {
        unsigned side = match_mask == 3 ? their_stage : match_mask == 5 ? our_stage : 0;
        if (item.file_mask == 0 && (item.folder_mask == 2 || item.folder_mask == 4)) side = item.folder_mask / 2;
        if (side != 0 && rename_mask != all_stages && may_defer_[side]) {
            deferred_[side].push_back({path, item, rename_mask, depth});
        } else {
            walk(path, item.entries, rename_mask, depth + 1);
        }
    }

    /// Folders that one side alone changed are taken from it as they are, unless files that it removed may be there
    /// under another name.
    void settle_deferred(unsigned side) {
        auto folders = std::move(deferred_[side]);
        may_defer_[side] = state_.sides[side].relevant_sources.empty();
        for (const auto& [path, item, rename_mask, depth] : folders) {
            if (!may_defer_[side]) {
                walk(path, item.entries, rename_mask, depth + 1);
                continue;
            }
            state_.paths.erase(path);
            if (side == their_stage) state_.edit.set(path, item.entries[their_stage]);
        }
    }

    void note_renames(const std::string& folder, const std::string& path, const Item& item, unsigned match_mask,
                      unsigned& rename_mask) {
        const auto folders = item.folder_mask;
        const bool gone_from_one = folders == 3 || folders == 5;
        if (rename_mask != all_stages && gone_from_one) rename_mask = folders & ~1U;
        if (gone_from_one || folders == 1) {
            const auto relevance = rename_mask == all_stages ? FolderRelevance::ancestor : FolderRelevance::none;
            for (const unsigned side : {our_stage, their_stage}) {
                if ((folders & mask_of(side)) == 0) state_.sides[side].removed_folders[path] = relevance;
            }
        }
        const auto files = item.file_mask;
        if (rename_mask == all_stages && (files == 2 || files == 4)) {
            state_.sides[3 - files / 2].removed_folders[folder] = FolderRelevance::self;
        }
        if (files == 0 || files == all_stages) return;
        for (const unsigned side : {our_stage, their_stage}) {
            const bool has_base = (files & 1) != 0, has_side = (files & mask_of(side)) != 0;
            if (has_base && !has_side) note_removed(side, path, item, (match_mask & files) == 0, rename_mask);
            if (!has_base && has_side) state_.sides[side].added.push_back({path, item.entries[side]});
        }
    }

    void note_removed(unsigned side, const std::string& path, const Item& item, bool by_content, unsigned rename_mask) {
        auto& changes = state_.sides[side];
        if (by_content || rename_mask == all_stages) changes.relevant_sources[path] = by_content;
        changes.removed.push_back({path, item.entries[base_stage]});
    }

    static Error limit(const char* what, const std::string& path) {
        return Error("git.limit", std::string(what) + " at " + path.substr(0, 200));
    }

    MergeState& state_;
    std::array<bool, 3> may_defer_{false, true, true};
    std::array<std::vector<Deferred>, 3> deferred_;
};

}  // namespace

void MergeState::check_stop() const {
    if (stop.stop_requested()) throw Error("git.cancelled", "the merge was cancelled");
}

PathEntry MergeState::entry_at(unsigned stage, const std::string& path) const {
    if (roots[stage].is_absent()) return {};
    return TreePaths(reader(), path).find(roots[stage].oid);
}

bool MergeState::exists(const std::string& path) const {
    if (paths.contains(path)) return true;
    for (const unsigned stage : {base_stage, our_stage, their_stage}) {
        if (!entry_at(stage, path).is_absent()) return true;
    }
    return false;
}

MergeLabels MergeState::labels_of(const std::array<std::string, 3>& names) const {
    if (names[0] == names[1] && names[1] == names[2]) return options.labels;
    return {options.labels.base + ":" + names[0], options.labels.ours + ":" + names[1],
            options.labels.theirs + ":" + names[2]};
}

void collect_merge(MergeState& state) { MergeWalk(state).run(); }

}  // namespace uhost::git

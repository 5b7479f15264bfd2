#include "api/git/merge/content_merge.hpp"

#include <charconv>

#include "api/git/ancestry.hpp"
#include "api/git/history/changes.hpp"
#include "api/git/merge/tree_edit.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_given_bytes = 64 << 20;
constexpr std::size_t max_merged_bytes = 64 << 20;  // git has 1 GiB, which takes twenty times as much memory
constexpr std::size_t max_marker_size = 1000;       // an untrusted .gitattributes may ask for any

bool is_mergeable(std::string_view content) noexcept {
    return content.size() <= max_merged_bytes && !is_binary(content);
}

bool is_same_type(const PathEntry& a, const PathEntry& b) noexcept { return a.mode >> 12 == b.mode >> 12; }

std::size_t marker_size_in(const char* value) {
    constexpr std::size_t usual = 7;
    if (git_attr_value(value) != GIT_ATTR_VALUE_STRING) return usual;
    std::size_t size = 0;
    const std::string_view text = value;
    std::from_chars(text.data(), text.data() + text.size(), size);
    return size == 0 ? usual : std::min(size, max_marker_size);
}

}  // namespace

ContentMerger::ContentMerger(const Repository& repository, ObjectReader& reader, NewObjects& objects,
                             std::optional<Oid> attributes_of)
    : lease_(repository.lease()),
      empty_index_(lease_),
      work_tree_(repository.work_tree()),
      reader_(reader),
      objects_(objects),
      attributes_of_(attributes_of) {}

ContentMerge ContentMerger::merge(const File& file) {
    ContentMerge result;
    const auto& [path, base, ours, theirs, style, labels, extra, favors_theirs, is_virtual] = file;
    if (ours.mode == theirs.mode || ours.mode == base.mode) {
        result.entry.mode = theirs.mode;
    } else {
        result.entry.mode = ours.mode;
        result.clean = theirs.mode == base.mode;
    }
    if (ours.oid == theirs.oid || ours.oid == base.oid) {
        result.entry.oid = theirs.oid;
    } else if (theirs.oid == base.oid) {
        result.entry.oid = ours.oid;
    } else if (ours.is_submodule()) {
        merge_submodule(file, result);
    } else if (ours.mode >> 12 == 012) {
        result.clean = false;
        result.entry = is_virtual ? base : PathEntry{result.entry.mode, ours.oid};
    } else {
        merge_text(file, result);
    }
    return result;
}

bool ContentMerger::may_give(std::size_t bytes) noexcept {
    if (given_bytes_ + bytes > max_given_bytes) return false;
    given_bytes_ += bytes;
    return true;
}

std::string ContentMerger::content_of(const PathEntry& entry, bool wanted) {
    if (!wanted || entry.is_absent()) return {};
    return std::string(as_text(reader_.read(entry.oid, ObjectType::blob)));
}

void ContentMerger::merge_text(const File& file, ContentMerge& result) {
    const auto driver = driver_of(file.path);
    const bool has_base = is_same_type(file.base, file.ours);
    const bool by_content = driver.kind != MergeDriver::Kind::binary;
    const auto base = content_of(file.base, has_base && by_content);
    const auto ours = content_of(file.ours, by_content), theirs = content_of(file.theirs, by_content);
    result.driver = driver.external;
    if (!by_content || !is_mergeable(base) || !is_mergeable(ours) || !is_mergeable(theirs)) {
        result.binary = true;
        // Of a merge of merge bases the base itself is a result; without one, git takes empty content.
        if (file.is_virtual) {
            result.entry.oid = has_base ? file.base.oid : objects_.add(ObjectType::blob, "");
            return;
        }
        result.entry.oid = file.ours.oid;
        result.clean = false;
        return;
    }
    LineMergeOptions options{file.style, file.labels, driver.marker_size + file.extra_marker_size,
                             driver.kind == MergeDriver::Kind::union_of_both, file.favor_theirs};
    auto merged = merge_lines(base, ours, theirs, options);
    result.merged = true;
    result.text_conflict = !options.union_of_both && !merged.conflicts.empty();
    if (!options.union_of_both) result.hunks = std::move(merged.conflicts);
    result.clean = result.clean && !result.text_conflict && driver.external.empty();
    result.entry.oid = objects_.add(ObjectType::blob, std::move(merged.text));
}

/// A submodule that is checked out goes forward to the commit that has the other one as an ancestor.
void ContentMerger::merge_submodule(const File& file, ContentMerge& result) {
    result.clean = false;
    result.entry.oid = file.is_virtual ? file.base.oid : file.ours.oid;
    const bool has_base = is_same_type(file.base, file.ours);
    if (file.is_virtual && !has_base) result.entry = file.base;
    if (!has_base || !work_tree_) return;
    RepositoryHandle submodule;
    const auto folder = *work_tree_ + "/" + file.path;
    if (!attempt(git_repository_open_ext, out(submodule), folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr)
             .ok()) {
        return;
    }
    require_sound_indexes(object_folders(git_repository_commondir(submodule.get())));
    const auto leads_to = [&](const PathEntry& from, const PathEntry& to) {
        return from.oid == to.oid || is_known_ancestor(submodule.get(), from.oid, to.oid);
    };
    if (!leads_to(file.base, file.ours) || !leads_to(file.base, file.theirs)) return;
    if (leads_to(file.ours, file.theirs)) {
        result.entry.oid = file.theirs.oid;
        result.clean = true;
    } else if (leads_to(file.theirs, file.ours)) {
        result.entry.oid = file.ours.oid;
        result.clean = true;
    }
}

MergeDriver ContentMerger::driver_of(const std::string& path) {
    git_attr_options options = GIT_ATTR_OPTIONS_INIT;
    options.flags = GIT_ATTR_CHECK_FILE_THEN_INDEX;
    if (!work_tree_) {
        options.flags = GIT_ATTR_CHECK_INDEX_ONLY;
        if (attributes_of_) {
            options.flags |= GIT_ATTR_CHECK_INCLUDE_COMMIT;
            options.attr_commit_id = to_git_oid(*attributes_of_);
        }
    }
    const char* names[]{"merge", "conflict-marker-size"};
    const char* values[]{nullptr, nullptr};
    check(attempt(git_attr_get_many_ext, values, lease_.get(), &options, path.c_str(), std::size(names), names),
          "cannot read the attributes of " + path, lease_);
    MergeDriver driver;
    driver.marker_size = marker_size_in(values[1]);
    if (git_attr_value(values[0]) == GIT_ATTR_VALUE_FALSE) driver.kind = MergeDriver::Kind::binary;
    if (git_attr_value(values[0]) != GIT_ATTR_VALUE_STRING) return driver;
    const std::string name = values[0];
    if (name == "binary") driver.kind = MergeDriver::Kind::binary;
    if (name == "union") driver.kind = MergeDriver::Kind::union_of_both;
    if (driver.kind != MergeDriver::Kind::text || name == "text") return driver;
    // git takes a driver that nobody configured for text.
    ConfigHandle config;
    check(attempt(git_repository_config_snapshot, out(config), lease_.get()), "cannot read the configuration", lease_);
    const char* program = nullptr;
    const auto key = "merge." + name + ".driver";
    if (git_config_get_string(&program, config.get(), key.c_str()) == 0) driver.external = name;
    return driver;
}

}  // namespace uhost::git

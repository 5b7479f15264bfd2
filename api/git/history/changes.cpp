#include "api/git/history/changes.hpp"

#include <algorithm>

#include "api/git/history/renames.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t looked_at_for_nul = 8000;
constexpr std::size_t max_text_bytes = 512 << 20;  // git's core.bigFileThreshold
constexpr std::size_t max_table_bytes = 256 << 10;  // what a processor's cache holds

std::size_t line_count(std::string_view text) noexcept {
    const auto feeds = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    return feeds + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

const char* status_of(const PathEntry& before, const PathEntry& after) noexcept {
    if (before.is_absent()) return "added";
    if (after.is_absent()) return "deleted";
    return before.mode >> 12 == after.mode >> 12 ? "modified" : "type_changed";
}

PathEntry entry_at(ObjectReader& reader, const PathEntry& root, const std::string& path) {
    return root.is_absent() ? PathEntry{} : TreePaths(reader, path).find(root.oid);
}

}  // namespace

std::vector<std::string_view> lines_in(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto size = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

bool is_binary(std::string_view content, TextKind kind) noexcept {
    if (kind == TextKind::binary || content.size() > max_text_bytes) return true;
    return kind == TextKind::by_content && content.substr(0, looked_at_for_nul).find('\0') != std::string_view::npos;
}

std::vector<ChangedPath> changed_in(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                                    const std::vector<std::string>& paths) {
    if (paths.empty()) return changed_paths(reader, before, after, "");
    std::vector<ChangedPath> changed;
    for (const auto& path : paths) {
        const auto part = changed_paths(reader, entry_at(reader, before, path), entry_at(reader, after, path), path);
        changed.insert(changed.end(), part.begin(), part.end());
    }
    std::ranges::sort(changed, {}, &ChangedPath::path);
    const auto same = std::ranges::unique(changed, {}, &ChangedPath::path);
    changed.erase(same.begin(), same.end());
    return changed;
}

std::vector<ChangedFile> TreeComparison::compare(const PathEntry& before, const PathEntry& after,
                                                 const ChangesQuery& query) {
    auto changed = changed_in(reader_, before, after, query.paths);
    std::vector<ChangedFile> files;
    for (auto& path : changed) {
        files.push_back({status_of(path.before, path.after), path.path, path.path, path.before, path.after});
    }
    if (query.renames) find_moved(files);
    if (files.size() > query.max_files) {
        throw Error("git.limit", "the diff has " + std::to_string(files.size()) + " files, more than the " +
                                     std::to_string(query.max_files) + " allowed")
            .hint("name 'paths', or raise 'max_files'");
    }
    if (query.stats) std::ranges::for_each(files, [this](ChangedFile& file) { count_lines(file); });
    return files;
}

void TreeComparison::find_moved(std::vector<ChangedFile>& files) {
    std::vector<TreeFile> removed, added;
    std::vector<std::size_t> removed_at, added_at;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i].after.is_absent()) {
            removed.push_back({files[i].path, files[i].before});
            removed_at.push_back(i);
        } else if (files[i].before.is_absent()) {
            added.push_back({files[i].path, files[i].after});
            added_at.push_back(i);
        }
    }
    if (removed.empty() || added.empty()) return;
    for (const auto& rename : find_renames(reader_, removed, added)) {
        auto& source = files[removed_at[rename.from]];
        auto& target = files[added_at[rename.to]];
        target.status = "renamed";
        target.old_path = source.path;
        target.before = source.before;
        target.similarity_percent = rename.similarity_percent;
        source.status = nullptr;
    }
    std::erase_if(files, [](const ChangedFile& file) { return file.status == nullptr; });
}

void TreeComparison::read_content(const PathEntry& entry, std::string& into) {
    into.clear();
    if (entry.is_absent()) return;
    if (entry.is_submodule()) {
        into = "Subproject commit " + entry.oid.hex() + "\n";
    } else {
        into = as_text(reader_.read(entry.oid, ObjectType::blob));
    }
}

std::pair<std::string_view, std::string_view> TreeComparison::contents_of(const ChangedFile& file) {
    read_content(file.before, old_text_);
    read_content(file.after, new_text_);
    return {old_text_, new_text_};
}

const std::vector<LineChange>& TreeComparison::compare_lines(std::string_view old_text, std::string_view new_text) {
    if (table_.bytes() > max_table_bytes) table_.clear();
    old_lines_ = table_.lines_of(old_text);
    new_lines_ = table_.lines_of(new_text);
    return differ_.compare(old_lines_, new_lines_);
}

void TreeComparison::count_lines(ChangedFile& file, TextKind kind) {
    if (file.before.oid == file.after.oid) return;
    const auto [old_text, new_text] = contents_of(file);
    file.binary = is_binary(old_text, kind) || is_binary(new_text, kind);
    if (file.binary) return;
    if (old_text.empty() || new_text.empty()) {
        file.additions = line_count(new_text);
        file.deletions = line_count(old_text);
        return;
    }
    for (const auto& change : compare_lines(old_text, new_text)) {
        file.additions += change.new_count;
        file.deletions += change.old_count;
    }
}

}  // namespace uhost::git

#include "api/git/hunk_writer.hpp"

#include <algorithm>
#include <cctype>
#include <span>

namespace uhost::git {
void LineBudget::take(std::size_t lines, const std::string& path) {
    if (taken_.fetch_add(lines) + lines <= max_lines_) return;
    throw Error("git.limit", "the diff has more than " + std::to_string(max_lines_) + " lines, at " + path)
        .hint("name 'paths', pass hunks = false for counts only, or raise 'max_lines'");
}

void HunkWriter::write(DiffFile& file, TextKind kind) {
    if (!query_.hunks) return trees_.count_lines(file, kind);
    if (file.before.oid == file.after.oid) return;
    const auto [old_text, new_text] = trees_.contents_of(file);
    file.binary = is_binary(old_text, kind) || is_binary(new_text, kind);
    if (file.binary) return;
    old_ = lines_in(old_text);
    new_ = lines_in(new_text);
    const auto& changes = trees_.compare_lines(old_text, new_text);
    for (std::size_t first = 0, next = 0; first < changes.size(); first = next) {
        const auto end_of = [&](std::size_t i) { return changes[i].old_start + changes[i].old_count; };
        for (next = first + 1; next < changes.size(); ++next) {
            if (changes[next].old_start - end_of(next - 1) > 2 * std::size_t{query_.context}) break;
        }
        add_hunk(std::span(changes).subspan(first, next - first), file);
    }
}

void HunkWriter::add_hunk(std::span<const LineChange> changes, DiffFile& file) {
    const auto& first = changes.front();
    const auto& last = changes.back();
    const std::size_t before = std::min<std::size_t>({query_.context, first.old_start, first.new_start});
    const auto old_end = std::min(last.old_start + last.old_count + query_.context, old_.size());
    const auto old_begin = first.old_start - before, new_begin = first.new_start - before;
    auto& hunk = file.hunks.emplace_back();
    hunk.header = function_above(old_begin);
    std::size_t old_at = old_begin, new_at = new_begin;
    const auto add = [&](char origin, std::string_view line, std::size_t old_line, std::size_t new_line) {
        hunk.add_line(origin, line, static_cast<int>(old_line), static_cast<int>(new_line));
    };
    const auto copy_until = [&](std::size_t end) {
        for (; old_at < end; ++old_at, ++new_at) add(' ', old_[old_at], old_at + 1, new_at + 1);
    };
    for (const auto& change : changes) {
        copy_until(change.old_start);
        for (; old_at < change.old_start + change.old_count; ++old_at) {
            add('-', old_[old_at], old_at + 1, 0);
        }
        for (; new_at < change.new_start + change.new_count; ++new_at) {
            add('+', new_[new_at], 0, new_at + 1);
        }
        file.deletions += change.old_count;
        file.additions += change.new_count;
    }
    copy_until(old_end);
    hunk.old_lines = static_cast<int>(old_at - old_begin);
    hunk.new_lines = static_cast<int>(new_at - new_begin);
    // Git counts an empty side from the line before it.
    hunk.old_start = static_cast<int>(old_begin) + (hunk.old_lines > 0 ? 1 : 0);
    hunk.new_start = static_cast<int>(new_begin) + (hunk.new_lines > 0 ? 1 : 0);
    budget_.take(hunk.lines.size(), file.path);
}

/// The nearest line above that looks like the start of a function to git, which knows no language without attributes.
std::string HunkWriter::function_above(std::size_t line) const {
    constexpr std::size_t max_length = 80;
    while (line-- > 0) {
        auto text = old_[line];
        const auto first = static_cast<unsigned char>(text.front());
        if (std::isalpha(first) == 0 && first != '_' && first != '$') continue;
        text = text.substr(0, max_length);
        while (std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
        return std::string(text);
    }
    return {};
}

}  // namespace uhost::git

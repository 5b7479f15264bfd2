// Differences as text, in git's own format.
#include <fmt/format.h>

#include "api/git/diff.hpp"

namespace uhost::git {
namespace {

/// As git writes names (core.quotePath): in quotes, with escapes, if anything in them is unusual.
std::string quoted(const std::string& name) {
    static constexpr std::string_view escaped = "\"\\\a\b\t\n\v\f\r", letters = "\"\\abtnvfr";
    std::string text;
    bool unusual = false;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (const auto at = escaped.find(c); at != std::string_view::npos && c != '\0') {
            text += {'\\', letters[at]};
        } else if (byte < 0x20 || byte >= 0x7f) {
            text += fmt::format("\\{:03o}", byte);
        } else {
            text += c;
            continue;
        }
        unusual = true;
    }
    return unusual ? '"' + text + '"' : name;
}

bool is_empty(const PathEntry& entry) {
    static const auto empty_blob = Oid::from_hex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    return entry.is_absent() || entry.oid == empty_blob;
}

std::string side_name(const char* side, const std::string& path, const PathEntry& entry) {
    return entry.is_absent() ? "/dev/null" : quoted(side + path);
}

// After a name with blanks, git puts a tab, so that the end of the name is certain.
std::string ended(const std::string& name) { return name.find(' ') == std::string::npos ? name : name + '\t'; }

void add_header(const DiffFile& file, std::string& text) {
    const auto& before = file.before;
    const auto& after = file.after;
    text += fmt::format("diff --git {} {}\n", quoted("a/" + file.old_path), quoted("b/" + file.path));
    if (before.is_absent()) {
        text += fmt::format("new file mode {:06o}\n", after.mode);
    } else if (after.is_absent()) {
        text += fmt::format("deleted file mode {:06o}\n", before.mode);
    } else if (before.mode != after.mode) {
        text += fmt::format("old mode {:06o}\nnew mode {:06o}\n", before.mode, after.mode);
    }
    if (file.old_path != file.path) {
        const bool copied = std::string_view(file.status) == "copied";
        const auto* verb = copied ? "copy" : "rename";
        text += fmt::format("similarity index {0}%\n{1} from {2}\n{1} to {3}\n", file.similarity_percent, verb,
                            quoted(file.old_path), quoted(file.path));
    }
    if (before.oid == after.oid) return;
    text += fmt::format("index {}..{}", before.oid.hex(), after.oid.hex());
    if (before.mode == after.mode) text += fmt::format(" {:06o}", after.mode);
    text += '\n';
}

std::string range(int start, int lines) {
    return lines == 1 ? fmt::format("{}", start) : fmt::format("{},{}", start, lines);
}

void add_hunk(const DiffHunk& hunk, std::string& text) {
    text += fmt::format("@@ -{} +{} @@", range(hunk.old_start, hunk.old_lines), range(hunk.new_start, hunk.new_lines));
    if (!hunk.header.empty()) text += ' ' + hunk.header;
    text += '\n';
    for (const auto& line : hunk.lines) {
        text += line.origin;
        text += hunk.text_of(line);
        text += line.newline_at_end ? "\n" : "\n\\ No newline at end of file\n";
    }
}

void add_file(const DiffFile& file, std::string& text) {
    add_header(file, text);
    const auto old_name = side_name("a/", file.old_path, file.before);
    const auto new_name = side_name("b/", file.path, file.after);
    const bool differs = !(is_empty(file.before) && is_empty(file.after));
    if (file.binary && differs) text += fmt::format("Binary files {} and {} differ\n", old_name, new_name);
    if (file.hunks.empty()) return;
    text += fmt::format("--- {}\n+++ {}\n", ended(old_name), ended(new_name));
    for (const auto& hunk : file.hunks) add_hunk(hunk, text);
}

/// A file that became a link, or the other way round, is one that went and one that came.
void add_type_change(DiffFile file, std::string& text) {
    auto went = file, came = std::move(file);
    went.after = {};
    came.before = {};
    for (auto* half : {&went, &came}) {
        for (auto& hunk : half->hunks) {
            const char origin = half == &went ? '-' : '+';
            std::erase_if(hunk.lines, [&](const DiffLine& line) { return line.origin != origin; });
            (half == &went ? hunk.new_start : hunk.old_start) = 0;
            (half == &went ? hunk.new_lines : hunk.old_lines) = 0;
        }
        add_file(*half, text);
    }
}

}  // namespace

std::string patch_text(const std::vector<DiffFile>& files) {
    std::string text;
    for (const auto& file : files) {
        if (std::string_view(file.status) == "type_changed" && !file.before.is_absent() && !file.after.is_absent()) {
            add_type_change(file, text);
        } else {
            add_file(file, text);
        }
    }
    return text;
}

}  // namespace uhost::git

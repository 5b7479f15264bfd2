#include "api/line_editor/history_file.hpp"

#include <fcntl.h>

#include <cerrno>

#include "host/core/descriptor.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost::line_editor {
namespace {

constexpr std::size_t max_file_bytes = 64 << 20;

std::string escaped(std::string_view entry) {
    std::string line;
    for (const char c : entry) {
        if (c == '\n') {
            line += "\\n";
        } else if (c == '\\') {
            line += "\\\\";
        } else {
            line += c;
        }
    }
    return line;
}

std::string unescaped(std::string_view line) {
    std::string entry;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool escape = line[i] == '\\' && i + 1 < line.size();
        if (escape) ++i;
        entry += escape && line[i] == 'n' ? '\n' : line[i];
    }
    return entry;
}

std::vector<std::string> read_entries(const std::filesystem::path& path) {
    std::vector<std::string> entries;
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) return entries;
    const auto text = read_file(path, max_file_bytes);
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        if (end > at) entries.push_back(unescaped(std::string_view(text).substr(at, end - at)));
        at = end + 1;
    }
    return entries;
}

}  // namespace

HistoryFile::HistoryFile(std::filesystem::path path) : path_(std::move(path)), entries_(read_entries(path_)) {
    if (entries_.size() <= max_entries) return;
    const bool shortens = entries_.size() > 2 * max_entries;
    entries_.erase(entries_.begin(), entries_.end() - max_entries);
    if (!shortens) return;
    std::string text;
    for (const auto& entry : entries_) text.append(escaped(entry)).append(1, '\n');
    write_file_atomically(path_, text, {.owner_only = true, .sync = false});
}

void HistoryFile::add(std::string_view entry) {
    if (entry.size() > max_entry_bytes || (!entries_.empty() && entries_.back() == entry)) return;
    const Descriptor file(open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    const int code = file ? write_all(file.get(), escaped(entry) + "\n") : errno;
    if (code != 0) throw system_error("file.write", "cannot keep the history in " + path_.string(), code);
    entries_.assign(1, std::string(entry));  // the editor has the others
}

}  // namespace uhost::line_editor

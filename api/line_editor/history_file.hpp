#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::line_editor {

/// What was typed in earlier sessions: a file of mode 0600 with an entry a line, oldest first; "\\n" stands for a newline
/// in an entry and "\\\\" for a backslash. Sessions side by side add to the same file. When it is opened with more than
/// twice `max_entries`, the older ones are dropped.
class HistoryFile {
public:
    static constexpr std::size_t max_entries = 2000;
    static constexpr std::size_t max_entry_bytes = 64 << 10;  ///< longer ones are not kept

    /// Throws `file.read` and `file.write`.
    explicit HistoryFile(std::filesystem::path path);

    /// The newest entries of earlier sessions, oldest first; after add(), what was added last.
    const std::vector<std::string>& entries() const { return entries_; }
    /// Adds an entry to the file, unless it repeats the last one. Throws `file.write`.
    void add(std::string_view entry);

private:
    std::filesystem::path path_;
    std::vector<std::string> entries_;
};

}  // namespace uhost::line_editor

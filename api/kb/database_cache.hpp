#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace uhost::kb {

/// Files that can be made anew at any time, named by what they were made from. Nothing here fails: what cannot be read,
/// is damaged or cannot be written counts as not there. Processes may share a folder.
class DatabaseCache {
public:
    static constexpr std::size_t max_files = 32;
    static constexpr std::size_t max_file_bytes = 64 << 20;

    /// The folder is made (mode 0700) when something is written.
    explicit DatabaseCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// A name for what is made from `content`.
    static std::string key_of(std::string_view content);

    /// A file that was read; its content lies behind a head of its own.
    class Kept {
    public:
        explicit Kept(std::string file) : file_(std::move(file)) {}
        std::string_view content() const;

    private:
        std::string file_;
    };

    std::optional<Kept> read(const std::string& key) const;
    /// Mode 0600; appears as a whole or not at all. The oldest files make room.
    void write(const std::string& key, std::string_view content) const;

private:
    std::filesystem::path file_of(const std::string& key) const;
    void make_room() const;

    std::filesystem::path folder_;
};

}  // namespace uhost::kb

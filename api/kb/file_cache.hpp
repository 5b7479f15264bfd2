#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/mapped_file.hpp"

namespace uhost::kb {

/// Files of one or more parts that can be made anew at any time, named by a key. Nothing here fails: what cannot be
/// read, is damaged or cannot be written counts as not there. Processes may share a folder.
class FileCache {
public:
    static constexpr std::size_t max_file_bytes = 64 << 20;

    /// The folder is made (mode 0700) when something is written. It keeps the `max_files` that were used last. What it
    /// has not is looked for in `shipped`, which may be empty and is never written to.
    explicit FileCache(std::filesystem::path folder, std::size_t max_files = 32, std::filesystem::path shipped = {})
        : folder_(std::move(folder)), shipped_(std::move(shipped)), max_files_(max_files) {}

    /// A short name for a text, the same in every process.
    static std::string key_of(std::string_view content);

    /// A file as it was when it was opened, whatever takes its place.
    class Kept {
    public:
        const std::vector<std::string_view>& parts() const { return parts_; }

    private:
        friend FileCache;
        explicit Kept(MappedFile file) : file_(std::move(file)) {}
        static std::optional<Kept> open(const std::filesystem::path& file);

        MappedFile file_;
        std::vector<std::string_view> parts_;
    };

    std::optional<Kept> read(const std::string& key) const;
    /// Mode 0600; appears as a whole or not at all. Those that were used least recently make room.
    void write(const std::string& key, const std::vector<std::string_view>& parts) const;

private:
    void make_room() const;

    std::filesystem::path folder_, shipped_;
    std::size_t max_files_;
};

}  // namespace uhost::kb

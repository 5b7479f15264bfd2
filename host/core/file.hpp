#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/core/descriptor.hpp"

namespace uhost {

/// The whole content of a file of at most `max_bytes` bytes. Throws `file.read` with `details.path` when it cannot be
/// read, `file.too_large` when it is larger.
std::string read_file(const std::filesystem::path& file, std::size_t max_bytes);

/// How an AtomicFile is written.
struct AtomicFileOptions {
    const char* kind = "file.write";  ///< the kind of its errors
    bool owner_only = false;  ///< mode 0600, instead of the existing file's mode or what the umask leaves of 0666
    bool sync = true;         ///< wait until the content is on the disk before it appears under its name
};

/// Replaces a file as a whole: readers see the old content or the new one, never half, also after a crash. The content
/// is written to a temporary file beside it, synced, and renamed over it by commit(). Without commit() the destructor
/// removes the temporary file and the old content stays. A symbolic link is followed. What is not a regular file
/// (/dev/stdout, a pipe) is written in place instead. One thread at a time.
///
/// All members throw an Error of `options.kind` with `details.path` and `details.errno`.
class AtomicFile {
public:
    explicit AtomicFile(const std::filesystem::path& path, const AtomicFileOptions& options = {});
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::string_view content);
    void commit();

    int descriptor() const { return descriptor_.get(); }
    /// Where the content is until commit(): for functions that want a path. The file itself when written in place.
    const std::filesystem::path& temporary_path() const { return temporary_.empty() ? path_ : temporary_; }

private:
    [[noreturn]] void fail(int code) const;
    void open_beside(bool exists, unsigned existing_mode);

    std::filesystem::path path_, temporary_;
    AtomicFileOptions options_;
    Descriptor descriptor_;
};

/// Writes `content` through an AtomicFile.
void write_file_atomically(const std::filesystem::path& path, std::string_view content,
                           const AtomicFileOptions& options = {});

/// A folder that appears under its name as a whole: a temporary folder beside it, renamed by commit(), otherwise
/// removed with everything in it. Nothing, or an empty folder, may be at the final path. One thread at a time.
class AtomicFolder {
public:
    /// Members throw an Error of `kind` with `details.path` and `details.errno`.
    AtomicFolder(const std::filesystem::path& path, const char* kind);
    ~AtomicFolder();
    AtomicFolder(const AtomicFolder&) = delete;
    AtomicFolder& operator=(const AtomicFolder&) = delete;

    const std::filesystem::path& temporary_path() const { return temporary_; }
    void commit();

private:
    std::filesystem::path path_, temporary_;
    const char* kind_;
};

}  // namespace uhost

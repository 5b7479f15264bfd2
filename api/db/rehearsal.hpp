#pragma once

#include <filesystem>
#include <map>
#include <mutex>

namespace uhost::db {

/// What a dry run writes to instead of the real databases: a copy of each, made when it is first opened, so that a
/// script reads what it wrote and nothing is kept. One for each host; removes the copies when it is destroyed. Any
/// thread.
class Rehearsal {
public:
    Rehearsal() = default;
    ~Rehearsal();
    Rehearsal(const Rehearsal&) = delete;
    Rehearsal& operator=(const Rehearsal&) = delete;

    /// The copy to open instead of `file`; a new one if `file` is not there. What is only read, and has not been
    /// written to in this run, is `file` itself. Throws `db.open` for a folder that is not there, as the real run
    /// would, and as store::copy_database does.
    std::filesystem::path stand_in(const std::filesystem::path& file, bool read_only);

private:
    std::filesystem::path new_copy_path();

    std::mutex mutex_;
    std::filesystem::path folder_;
    std::map<std::filesystem::path, std::filesystem::path> copies_;
};

}  // namespace uhost::db

#include "api/db/rehearsal.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <system_error>

#include "host/core/error.hpp"
#include "host/store/copy.hpp"

namespace uhost::db {

namespace fs = std::filesystem;

Rehearsal::~Rehearsal() {
    std::error_code left_behind;
    if (!folder_.empty()) fs::remove_all(folder_, left_behind);
}

fs::path Rehearsal::new_copy_path() {
    if (folder_.empty()) {
        auto pattern = (fs::temp_directory_path() / "uhost-dry-run-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw system_error("db.open", "cannot create a folder for the copies of a dry run", errno);
        }
        folder_ = pattern;
    }
    return folder_ / fmt::format("{}.sqlite", copies_.size() + 1);
}

fs::path Rehearsal::stand_in(const fs::path& file, bool read_only) {
    const std::lock_guard lock(mutex_);
    std::error_code failed;
    const auto real = fs::weakly_canonical(fs::absolute(file, failed), failed);
    if (const auto known = copies_.find(real); known != copies_.end()) return known->second;
    if (read_only) return file;
    if (!fs::is_directory(real.parent_path(), failed)) {
        throw system_error("db.open", "cannot open the database " + file.string(), ENOENT);
    }
    auto copy = new_copy_path();
    if (fs::exists(real, failed)) store::copy_database(real, copy);
    return copies_[real] = std::move(copy);
}

}  // namespace uhost::db

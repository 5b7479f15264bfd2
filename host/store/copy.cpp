#include "host/store/copy.hpp"

#include "host/store/database.hpp"

namespace uhost::store {

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
    Database source(from, {.read_only = true});
    source.execute("VACUUM INTO ?", to.string());
}

}  // namespace uhost::store

#include "api/kb/database_cache.hpp"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <vector>

#include "host/core/encoding.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost::kb {
namespace {

namespace stdfs = std::filesystem;

constexpr std::string_view magic = "uhost kb 1\n";
constexpr std::size_t head_size = magic.size() + SHA256_DIGEST_LENGTH;
constexpr const char* ending = ".database";

std::string digest_of(std::string_view content) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data());
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

std::string DatabaseCache::key_of(std::string_view content) { return encode_hex(digest_of(content)); }

stdfs::path DatabaseCache::file_of(const std::string& key) const { return folder_ / (key + ending); }

std::string_view DatabaseCache::Kept::content() const { return std::string_view(file_).substr(head_size); }

std::optional<DatabaseCache::Kept> DatabaseCache::read(const std::string& key) const {
    const auto file = file_of(key);
    std::string whole;
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor || read_all(descriptor.get(), whole, max_file_bytes) != 0) return std::nullopt;
    if (whole.size() < head_size || !whole.starts_with(magic)) return std::nullopt;
    const std::string_view head = std::string_view(whole).substr(0, head_size);
    if (head.substr(magic.size()) != digest_of(std::string_view(whole).substr(head_size))) return std::nullopt;
    ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);  // used: others are older
    return Kept(std::move(whole));
}

void DatabaseCache::write(const std::string& key, std::string_view content) const {
    if (content.size() > max_file_bytes - 4096) return;
    std::error_code failed;
    const bool made = stdfs::create_directories(folder_, failed);
    if (failed) return;
    if (made) ::chmod(folder_.c_str(), 0700);
    try {
        AtomicFile cached(file_of(key), {.kind = "kb.write", .owner_only = true, .sync = false});
        cached.write(magic);
        cached.write(digest_of(content));
        cached.write(content);
        cached.commit();
    } catch (const Error&) {
        return;  // without a cache the database is only slower to open
    }
    make_room();
}

// Also removes what a process left that was ended while it wrote.
void DatabaseCache::make_room() const {
    std::vector<std::pair<stdfs::file_time_type, stdfs::path>> files;
    std::error_code failed;
    for (stdfs::directory_iterator entry(folder_, failed), end; !failed && entry != end; entry.increment(failed)) {
        if (entry->path().filename().string().find(ending) == std::string::npos) continue;
        std::error_code gone;
        const auto time = entry->last_write_time(gone);
        if (!gone) files.emplace_back(time, entry->path());
    }
    std::ranges::sort(files, std::greater{});
    for (std::size_t i = max_files; i < files.size(); ++i) stdfs::remove(files[i].second, failed);
}

}  // namespace uhost::kb

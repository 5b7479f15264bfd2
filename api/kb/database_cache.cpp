#include "api/kb/database_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "api/fs/descriptor.hpp"

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

// Empty when there is no such file.
std::string read_whole(const stdfs::path& file) {
    const fs::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
    if (info.st_size > static_cast<off_t>(DatabaseCache::largest_file)) return {};
    std::string whole(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t filled = 0;
    while (filled < whole.size()) {
        const auto count = ::read(descriptor.get(), whole.data() + filled, whole.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return {};
        filled += static_cast<std::size_t>(count);
    }
    return whole;
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

std::string DatabaseCache::key_of(std::string_view content) {
    std::string key;
    for (const char c : digest_of(content)) key += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return key;
}

stdfs::path DatabaseCache::file_of(const std::string& key) const { return folder_ / (key + ending); }

std::string_view DatabaseCache::Kept::content() const { return std::string_view(file_).substr(head_size); }

std::optional<DatabaseCache::Kept> DatabaseCache::read(const std::string& key) const {
    const auto file = file_of(key);
    auto whole = read_whole(file);
    if (whole.size() < head_size || !whole.starts_with(magic)) return std::nullopt;
    const std::string_view head = std::string_view(whole).substr(0, head_size);
    if (head.substr(magic.size()) != digest_of(std::string_view(whole).substr(head_size))) return std::nullopt;
    ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);  // used: others are older
    return Kept(std::move(whole));
}

void DatabaseCache::write(const std::string& key, std::string_view content) const {
    if (content.size() > largest_file - 4096) return;
    std::error_code failed;
    const bool made = stdfs::create_directories(folder_, failed);
    if (failed) return;
    if (made) ::chmod(folder_.c_str(), 0700);
    auto unfinished = file_of(key).string() + ".XXXXXX";
    bool written = false;
    {
        const fs::Descriptor descriptor(::mkostemp(unfinished.data(), O_CLOEXEC));
        if (descriptor.get() < 0) return;
        written = write_all(descriptor.get(), magic) && write_all(descriptor.get(), digest_of(content)) &&
                  write_all(descriptor.get(), content);
    }
    if (!written || ::rename(unfinished.c_str(), file_of(key).c_str()) != 0) ::unlink(unfinished.c_str());
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
    for (std::size_t i = most_files; i < files.size(); ++i) stdfs::remove(files[i].second, failed);
}

}  // namespace uhost::kb

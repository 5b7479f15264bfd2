#include "api/kb/file_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "api/kb/hash.hpp"
#include "api/kb/packed.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost::kb {
namespace {

namespace stdfs = std::filesystem;

constexpr std::string_view magic = "uhost kb 2\n";
constexpr std::size_t head_size = magic.size() + sizeof(std::uint64_t);
constexpr const char* ending = ".cache";

std::vector<std::string_view> parts_of(std::string_view file) {
    Unpacker unpacker(file.substr(head_size));
    std::vector<std::string_view> parts;
    for (auto count = unpacker.number(); count > 0 && unpacker.ok(); --count) parts.push_back(unpacker.text());
    if (!unpacker.ok() || !unpacker.at_end()) parts.clear();
    return parts;
}

bool is_whole(std::string_view file) {
    if (file.size() < head_size || !file.starts_with(magic)) return false;
    Unpacker head(file.substr(magic.size()));
    return head.number<std::uint64_t>() == hash_of(file.substr(head_size));
}

}  // namespace

std::string FileCache::key_of(std::string_view content) { return long_hash_of(content); }

std::optional<FileCache::Kept> FileCache::Kept::open(const stdfs::path& file) {
    auto mapped = MappedFile::open(file);
    if (!mapped) return std::nullopt;
    const std::string_view content(reinterpret_cast<const char*>(mapped->bytes().data()), mapped->bytes().size());
    if (!is_whole(content)) return std::nullopt;
    Kept kept(std::move(*mapped));
    kept.parts_ = parts_of(content);
    if (kept.parts_.empty()) return std::nullopt;
    return kept;
}

std::optional<FileCache::Kept> FileCache::read(const std::string& key) const {
    const auto file = folder_ / (key + ending);
    auto kept = Kept::open(file);
    if (!kept && !shipped_.empty()) return Kept::open(shipped_ / (key + ending));
    if (kept) ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);  // used: others are older
    return kept;
}

void FileCache::write(const std::string& key, const std::vector<std::string_view>& parts) const {
    Packer packer;
    packer.size(parts.size());
    for (const auto part : parts) packer.text(part);
    const auto content = packer.take();
    if (content.size() > max_file_bytes) return;
    std::error_code failed;
    const bool made = stdfs::create_directories(folder_, failed);
    if (failed) return;
    if (made) ::chmod(folder_.c_str(), 0700);
    try {
        AtomicFile cached(folder_ / (key + ending), {.kind = "kb.write", .owner_only = true, .sync = false});
        Packer head;
        head.number(hash_of(content));
        cached.write(magic);
        cached.write(head.take());
        cached.write(content);
        cached.commit();
    } catch (const Error&) {
        return;  // without a cache the next start is only slower
    }
    make_room();
}

// Also removes what a process left that was ended while it wrote.
void FileCache::make_room() const {
    std::vector<std::pair<stdfs::file_time_type, stdfs::path>> files;
    std::error_code failed;
    for (stdfs::directory_iterator entry(folder_, failed), end; !failed && entry != end; entry.increment(failed)) {
        if (entry->path().filename().string().find(ending) == std::string::npos) continue;
        std::error_code gone;
        const auto time = entry->last_write_time(gone);
        if (!gone) files.emplace_back(time, entry->path());
    }
    std::ranges::sort(files, std::greater{});
    for (std::size_t i = max_files_; i < files.size(); ++i) stdfs::remove(files[i].second, failed);
}

}  // namespace uhost::kb

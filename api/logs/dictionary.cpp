#define ZDICT_STATIC_LINKING_ONLY  // the fast way of training, which is in every release since 1.3.8
#include "api/logs/dictionary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <zdict.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <new>

#include "api/kb/hash.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost::logs {
namespace {

namespace stdfs = std::filesystem;

constexpr std::size_t sample_bytes = 16 << 10;
constexpr std::string_view ending = ".dictionary";

std::uint32_t id_of(std::string_view content) { return std::max(static_cast<std::uint32_t>(kb::hash_of(content)), 1U); }

}  // namespace

Dictionary::Dictionary(std::string content)
    : content_(std::move(content)),
      id_(id_of(content_)),
      unpacking_(ZSTD_createDDict(content_.data(), content_.size())) {
    if (unpacking_ == nullptr) throw std::bad_alloc();
}

Dictionary::~Dictionary() {
    ZSTD_freeCDict(packing_);
    ZSTD_freeDDict(unpacking_);
}

const ZSTD_CDict_s* Dictionary::for_packing() const {
    std::call_once(packing_once_, [this] { packing_ = ZSTD_createCDict(content_.data(), content_.size(), level); });
    if (packing_ == nullptr) throw std::bad_alloc();
    return packing_;
}

std::shared_ptr<const Dictionary> Dictionary::train(const std::vector<std::string>& texts) {
    std::string samples;
    std::vector<std::size_t> sizes;
    for (const auto& text : texts) {
        samples += text;
        for (std::size_t at = 0; at < text.size(); at += sample_bytes) {
            sizes.push_back(std::min(sample_bytes, text.size() - at));
        }
    }
    ZDICT_fastCover_params_t parameters{};
    parameters.k = 1024;
    parameters.d = 8;
    parameters.f = 20;
    parameters.accel = 4;
    parameters.splitPoint = 1;
    parameters.zParams.compressionLevel = level;
    std::string content(max_bytes, '\0');
    const auto size = ZDICT_trainFromBuffer_fastCover(content.data(), content.size(), samples.data(), sizes.data(),
                                                      static_cast<unsigned>(sizes.size()), parameters);
    if (ZDICT_isError(size) != 0U) return nullptr;
    content.resize(size);
    return std::make_shared<const Dictionary>(std::move(content));
}

namespace {

Descriptor open_lock_file(const stdfs::path& folder, int more_flags) {
    return Descriptor(::open((folder / "dictionaries.lock").c_str(), O_RDWR | O_CLOEXEC | more_flags, 0600));
}

}  // namespace

DictionaryLock DictionaryLock::shared(const stdfs::path& folder) {
    auto file = open_lock_file(folder, O_CREAT);
    if (!file || ::flock(file.get(), LOCK_SH) != 0) {
        throw system_error("logs.write", fmt::format("cannot lock {}", folder.string()), errno);
    }
    return DictionaryLock(std::move(file));
}

std::optional<DictionaryLock> DictionaryLock::alone(const stdfs::path& folder) {
    auto file = open_lock_file(folder, 0);
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
    return DictionaryLock(std::move(file));
}

stdfs::path Dictionaries::file_of(std::uint32_t id) const { return folder_ / fmt::format("{:08x}{}", id, ending); }

std::shared_ptr<const Dictionary> Dictionaries::find(std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    const auto known = std::ranges::find(known_, id, [](const auto& each) { return each->id(); });
    if (known != known_.end()) return *known;
    std::string content;
    try {
        content = read_file(file_of(id), Dictionary::max_bytes);
    } catch (const Error&) {
        return nullptr;
    }
    if (content.empty() || id_of(content) != id) return nullptr;
    known_.push_back(std::make_shared<const Dictionary>(std::move(content)));
    return known_.back();
}

std::vector<std::uint32_t> Dictionaries::ids() const {
    std::vector<std::pair<stdfs::file_time_type, std::uint32_t>> found;
    std::error_code failed;
    for (stdfs::directory_iterator entry(folder_, failed), end; !failed && entry != end; entry.increment(failed)) {
        if (entry->path().extension() != ending) continue;
        const auto name = entry->path().stem().string();
        std::uint32_t id = 0;
        const auto read = std::from_chars(name.data(), name.data() + name.size(), id, 16);
        std::error_code gone;
        const auto time = entry->last_write_time(gone);
        if (read.ec == std::errc() && read.ptr == name.data() + name.size() && !gone) found.emplace_back(time, id);
    }
    std::ranges::sort(found, std::greater{});
    std::vector<std::uint32_t> ids;
    for (const auto& [time, id] : found) ids.push_back(id);
    return ids;
}

std::shared_ptr<const Dictionary> Dictionaries::newest() {
    for (const auto id : ids()) {
        if (auto found = find(id)) return found;
    }
    return nullptr;
}

void Dictionaries::keep_only(const std::set<std::uint32_t>& used) const {
    for (const auto id : ids()) {
        std::error_code ignored;  // what cannot be removed does no harm
        if (!used.contains(id)) stdfs::remove(file_of(id), ignored);
    }
}

void Dictionaries::add(const std::shared_ptr<const Dictionary>& dictionary) {
    write_file_atomically(file_of(dictionary->id()), dictionary->content(), {.kind = "logs.write", .owner_only = true});
    const std::lock_guard lock(mutex_);
    known_.push_back(dictionary);
}

}  // namespace uhost::logs

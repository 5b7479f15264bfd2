#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/descriptor.hpp"

struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace uhost::logs {

/// What many logs have in common, for zstd: blocks that are compressed with it take a tenth less, small ones much less.
/// Immutable; from any thread.
class Dictionary {
public:
    static constexpr std::size_t max_bytes = 256 << 10;
    static constexpr int level = 3;  ///< of compression, with and without a dictionary

    explicit Dictionary(std::string content);
    ~Dictionary();
    Dictionary(const Dictionary&) = delete;
    Dictionary& operator=(const Dictionary&) = delete;

    /// Learns from texts of logs; null where they have too little in common.
    static std::shared_ptr<const Dictionary> train(const std::vector<std::string>& texts);

    /// What blocks name it by; never 0.
    std::uint32_t id() const { return id_; }
    const std::string& content() const { return content_; }
    const ZSTD_CDict_s* for_packing() const;
    const ZSTD_DDict_s* for_unpacking() const { return unpacking_; }

private:
    std::string content_;
    std::uint32_t id_;
    mutable std::once_flag packing_once_;
    mutable ZSTD_CDict_s* packing_ = nullptr;
    ZSTD_DDict_s* unpacking_;
};

/// Keeps the dictionaries of a folder: who is about to write blocks with one shares the lock with other writers, and
/// who removes dictionaries has it alone.
class DictionaryLock {
public:
    /// Waits for it. Throws `logs.write`.
    static DictionaryLock shared(const std::filesystem::path& folder);
    /// Nothing while anybody writes, or where there is no such folder.
    static std::optional<DictionaryLock> alone(const std::filesystem::path& folder);

private:
    explicit DictionaryLock(Descriptor file) : file_(std::move(file)) {}
    Descriptor file_;
};

/// The dictionaries of a folder, each in a file that is named by its id. From any thread.
class Dictionaries {
public:
    explicit Dictionaries(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Null when it is not there, or damaged.
    std::shared_ptr<const Dictionary> find(std::uint32_t id);
    /// The one that new blocks are to use; null when there is none.
    std::shared_ptr<const Dictionary> newest();
    /// Keeps it; it appears as a whole or not at all. Throws `logs.write`.
    void add(const std::shared_ptr<const Dictionary>& dictionary);
    std::vector<std::uint32_t> ids() const;
    /// Removes those that are not in use. Nobody may write meanwhile (DictionaryLock::alone).
    void keep_only(const std::set<std::uint32_t>& used) const;

private:
    std::filesystem::path file_of(std::uint32_t id) const;

    std::filesystem::path folder_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<const Dictionary>> known_;
};

}  // namespace uhost::logs

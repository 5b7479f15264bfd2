#include <openssl/evp.h>

#include "api/git/history/commit_graph.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t header_size = 8;
constexpr std::size_t chunk_row_size = 12;
constexpr std::size_t bloom_header_size = 12;
constexpr std::size_t fanout_size = 256 * 4;
constexpr std::uint32_t high_bit = 0x80000000u;

}  // namespace

std::optional<CommitGraphFile> CommitGraphFile::open(const std::filesystem::path& path, std::size_t base_count) {
    auto mapped = MappedFile::open(path);
    if (!mapped) return std::nullopt;
    CommitGraphFile file(std::move(*mapped));
    if (!file.check(base_count)) return std::nullopt;
    return file;
}

bool CommitGraphFile::check(std::size_t base_count) {
    return check_header(base_count) && find_tables(base_count) && find_filters();
}

bool CommitGraphFile::check_header(std::size_t base_count) const {
    const ByteView bytes = file_.bytes();
    if (bytes.size() < header_size + chunk_row_size + Oid::size || std::memcmp(bytes.data(), "CGPH", 4) != 0)
        return false;
    const bool known = bytes[4] == 1 && bytes[5] == 1;  // version 1, SHA-1
    const std::size_t table_size = (std::size_t{bytes[6]} + 1) * chunk_row_size;
    return known && bytes[7] == base_count && bytes.size() >= header_size + table_size + Oid::size;
}

/// The bytes of a chunk: from its own offset to that of the next row in the table of contents.
ByteView CommitGraphFile::chunk(const char* name) const noexcept {
    const ByteView bytes = file_.bytes();
    const std::uint64_t end_of_chunks = bytes.size() - Oid::size;
    for (unsigned i = 0; i < bytes[6]; ++i) {
        const std::uint8_t* row = bytes.data() + header_size + i * chunk_row_size;
        if (std::memcmp(row, name, 4) != 0) continue;
        const std::uint64_t begin = big_endian_64(row + 4);
        const std::uint64_t end = big_endian_64(row + chunk_row_size + 4);
        if (begin > end || end > end_of_chunks) return {};
        return bytes.subspan(begin, end - begin);
    }
    return {};
}

bool CommitGraphFile::find_tables(std::size_t base_count) {
    const ByteView fanout = chunk("OIDF");
    if (fanout.size() != fanout_size) return false;
    std::uint32_t previous = 0;
    for (unsigned i = 0; i < 256; ++i) {
        const std::uint32_t next = big_endian_32(fanout.data() + 4 * i);
        if (next < previous) return false;
        previous = next;
    }
    count_ = previous;
    const ByteView oids = chunk("OIDL");
    const ByteView rows = chunk("CDAT");
    bases_ = chunk("BASE");
    if (count_ >= no_parent || oids.size() != std::size_t{count_} * Oid::size) return false;
    if (rows.size() != std::size_t{count_} * (Oid::size + 16) || bases_.size() != base_count * Oid::size) return false;
    fanout_ = fanout.data();
    oids_ = oids.data();
    data_ = rows.data();
    extra_edges_ = chunk("EDGE");
    generations_ = chunk("GDA2");
    generation_overflow_ = chunk("GDO2");
    return generations_.empty() || generations_.size() == std::size_t{count_} * 4;
}

/// A filter chunk of a version this class does not know is left unused; a damaged one spoils the file.
bool CommitGraphFile::find_filters() noexcept {
    const ByteView ends = chunk("BIDX");
    const ByteView data = chunk("BDAT");
    if (ends.empty() || data.empty()) return true;
    if (ends.size() != std::size_t{count_} * 4 || data.size() < bloom_header_size) return false;
    bloom_settings_ = {big_endian_32(data.data()), big_endian_32(data.data() + 4)};
    if (bloom_settings_.hash_version != 1 && bloom_settings_.hash_version != 2) return true;
    if (bloom_settings_.hash_count == 0 || bloom_settings_.hash_count > 64) return true;
    filter_ends_ = ends;
    filters_ = data.subspan(bloom_header_size);
    return true;
}

Oid CommitGraphFile::checksum() const noexcept {
    const ByteView bytes = file_.bytes();
    return Oid::from_bytes(bytes.data() + bytes.size() - Oid::size);
}

bool CommitGraphFile::checksum_holds() const {
    std::uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    const ByteView body = file_.bytes().first(file_.bytes().size() - Oid::size);
    if (EVP_Digest(body.data(), body.size(), digest, &size, EVP_sha1(), nullptr) != 1) return false;
    return size == Oid::size && Oid::from_bytes(digest) == checksum();
}

std::optional<std::uint32_t> CommitGraphFile::find(const Oid& oid) const noexcept {
    const unsigned first = oid.bytes[0];
    std::uint32_t low = first == 0 ? 0 : big_endian_32(fanout_ + 4 * (first - 1));
    std::uint32_t high = big_endian_32(fanout_ + 4 * first);
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        const int order = std::memcmp(oids_ + std::size_t{middle} * Oid::size, oid.bytes.data(), Oid::size);
        if (order == 0) return middle;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return std::nullopt;
}

std::int64_t CommitGraphFile::time(std::uint32_t row) const noexcept {
    const std::uint8_t* at = data(row) + Oid::size + 8;
    return static_cast<std::int64_t>((std::uint64_t{big_endian_32(at) & 3} << 32) | big_endian_32(at + 4));
}

std::optional<std::int64_t> CommitGraphFile::corrected_time(std::uint32_t row) const noexcept {
    if (generations_.empty()) return std::nullopt;
    const std::uint32_t offset = big_endian_32(generations_.data() + std::size_t{row} * 4);
    if ((offset & high_bit) == 0) return time(row) + offset;
    const std::size_t at = std::size_t{offset & ~high_bit} * 8;
    if (at + 8 > generation_overflow_.size()) return std::nullopt;
    const std::uint64_t large = big_endian_64(generation_overflow_.data() + at);
    if (large >> 40 != 0) return std::nullopt;
    return time(row) + static_cast<std::int64_t>(large);
}

bool CommitGraphFile::append_parents(std::uint32_t row, std::vector<std::uint32_t>& parents) const {
    const std::uint8_t* at = data(row) + Oid::size;
    const std::uint32_t first = big_endian_32(at);
    const std::uint32_t second = big_endian_32(at + 4);
    if (first == no_parent) return second == no_parent;
    parents.push_back(first);
    if (second == no_parent) return true;
    if ((second & high_bit) == 0) {
        parents.push_back(second);
        return true;
    }
    for (std::size_t edge = second & ~high_bit; (edge + 1) * 4 <= extra_edges_.size(); ++edge) {
        const std::uint32_t parent = big_endian_32(extra_edges_.data() + edge * 4);
        parents.push_back(parent & ~high_bit);
        if (parent & high_bit) return true;
    }
    return false;
}

ByteView CommitGraphFile::filter(std::uint32_t row) const noexcept {
    if (filter_ends_.empty()) return {};
    const std::uint32_t begin = row == 0 ? 0 : big_endian_32(filter_ends_.data() + std::size_t{row - 1} * 4);
    const std::uint32_t end = big_endian_32(filter_ends_.data() + std::size_t{row} * 4);
    if (begin > end || end > filters_.size()) return {};
    return filters_.subspan(begin, end - begin);
}

}  // namespace uhost::git

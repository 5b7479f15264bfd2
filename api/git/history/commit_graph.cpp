#include "api/git/history/commit_graph.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <future>
#include <string>

namespace uhost::git {

namespace {

constexpr std::uint32_t first_seed = 0x293ae76f;
constexpr std::uint32_t step_seed = 0x7e646e2c;

std::uint32_t widen(char c, bool sign_extend) noexcept {
    return sign_extend ? static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<signed char>(c)))
                       : static_cast<std::uint32_t>(static_cast<unsigned char>(c));
}

std::uint32_t scramble(std::uint32_t block) noexcept { return std::rotl(block * 0xcc9e2d51u, 15) * 0x1b873593u; }

}  // namespace

std::uint32_t murmur3(std::uint32_t seed, std::string_view text, bool sign_extend) noexcept {
    std::uint32_t hash = seed;
    const std::size_t whole = text.size() / 4 * 4;
    for (std::size_t i = 0; i < whole; i += 4) {
        std::uint32_t block = 0;
        for (unsigned j = 0; j < 4; ++j) block |= widen(text[i + j], sign_extend) << (8 * j);
        hash = std::rotl(hash ^ scramble(block), 13) * 5 + 0xe6546b64u;
    }
    std::uint32_t tail = 0;
    for (std::size_t i = text.size(); i > whole; --i) {
        tail ^= widen(text[i - 1], sign_extend) << (8 * (i - 1 - whole));
    }
    if (whole != text.size()) hash ^= scramble(tail);
    hash ^= static_cast<std::uint32_t>(text.size());
    hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
    return hash ^ (hash >> 16);
}

BloomPath::BloomPath(std::string_view path) {
    ascii_ = std::all_of(path.begin(), path.end(), [](char c) { return (c & 0x80) == 0; });
    for (std::string_view part = path; !part.empty();) {
        plain_.push_back({murmur3(first_seed, part, false), murmur3(step_seed, part, false)});
        sign_extended_.push_back({murmur3(first_seed, part, true), murmur3(step_seed, part, true)});
        const std::size_t slash = part.rfind('/');
        part = slash == std::string_view::npos ? std::string_view() : part.substr(0, slash);
    }
}

bool BloomPath::may_have_changed(ByteView filter, const BloomSettings& settings) const noexcept {
    if (filter.empty() || plain_.empty()) return true;
    if (holds_all(filter, plain_, settings.hash_count)) return true;
    // Whether version 1 widened with the sign depends on the machine that wrote the file, so either may hold.
    return settings.hash_version == 1 && !ascii_ && holds_all(filter, sign_extended_, settings.hash_count);
}

bool BloomPath::holds_all(ByteView filter, const Keys& keys, std::uint32_t hash_count) noexcept {
    const std::uint64_t bits = std::uint64_t{filter.size()} * 8;
    return std::all_of(keys.begin(), keys.end(), [&](const Key& key) {
        for (std::uint32_t i = 0; i < hash_count; ++i) {
            const std::uint64_t bit = (key.first + i * key.step) % bits;
            if ((filter[bit / 8] & (1u << (bit % 8))) == 0) return false;
        }
        return true;
    });
}
namespace {

constexpr std::size_t header_size = 8;
constexpr std::size_t chunk_row_size = 12;
constexpr std::size_t bloom_header_size = 12;
constexpr std::size_t graph_fanout_size = 256 * 4;
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
    if (fanout.size() != graph_fanout_size) return false;
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
    return find_row(fanout_, oids_, oid);
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
namespace {

constexpr std::size_t max_graph_files = 255;  // the header counts the bases in a byte

}  // namespace

std::optional<CommitGraph> CommitGraph::open(const std::vector<std::filesystem::path>& object_folders) {
    for (const auto& objects : object_folders) {
        if (auto graph = open_single(objects)) return graph;
        if (auto graph = open_chain(objects)) return graph;
    }
    return std::nullopt;
}

std::optional<CommitGraph> CommitGraph::open_single(const std::filesystem::path& objects) {
    auto file = CommitGraphFile::open(objects / "info" / "commit-graph", 0);
    if (!file) return std::nullopt;
    CommitGraph graph;
    if (!graph.add(std::move(*file))) return std::nullopt;
    return graph;
}

std::optional<CommitGraph> CommitGraph::open_chain(const std::filesystem::path& objects) {
    const auto folder = objects / "info" / "commit-graphs";
    std::ifstream chain(folder / "commit-graph-chain");
    CommitGraph graph;
    for (std::string line; std::getline(chain, line);) {
        const auto name = Oid::from_hex(line);
        if (!name || graph.files_.size() == max_graph_files) return std::nullopt;
        auto file = CommitGraphFile::open(folder / ("graph-" + name->hex() + ".graph"), graph.files_.size());
        if (!file || file->checksum() != *name) return std::nullopt;
        for (std::size_t i = 0; i < graph.files_.size(); ++i) {
            if (file->base(i) != graph.files_[i].checksum()) return std::nullopt;
        }
        if (!graph.add(std::move(*file))) return std::nullopt;
    }
    if (graph.files_.empty()) return std::nullopt;
    return graph;
}

bool CommitGraph::add(CommitGraphFile file) {
    if (file.size() >= CommitGraphFile::no_parent - size_) return false;
    // Whoever wrote the file left out the levels.
    if (file.size() > 0 && file.level(0) == 0) return false;
    starts_.push_back(size_);
    size_ += file.size();
    max_parents_ += 2 * std::size_t{file.size()} + file.extra_edge_count();
    corrected_times_ = corrected_times_ && file.has_corrected_times();
    files_.push_back(std::move(file));
    return true;
}

bool CommitGraph::is_sound() const {
    // Hashing and following the parents take about as long, and neither waits for the other.
    auto sums = std::async(std::launch::async, [this] { return checksums_hold(); });
    const bool parents = parents_hold();
    return sums.get() && parents;
}

bool CommitGraph::checksums_hold() const {
    return std::all_of(files_.begin(), files_.end(), [](const CommitGraphFile& file) { return file.checksum_holds(); });
}

bool CommitGraph::parents_hold() const {
    std::size_t parents_left = max_parents_;
    std::vector<std::uint32_t> parents;
    for (std::uint32_t position = 0; position < size_; ++position) {
        parents.clear();
        if (!append_parents(position, parents) || parents.size() > parents_left) return false;
        parents_left -= parents.size();
        const Place at = place(position);
        if (corrected_times_ && !at.file->corrected_time(at.row)) return false;
    }
    return true;
}

CommitGraph::Place CommitGraph::place(std::uint32_t position) const noexcept {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), position);
    const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
    return {&files_[index], position - starts_[index]};
}

std::optional<std::uint32_t> CommitGraph::find(const Oid& oid) const noexcept {
    for (std::size_t i = files_.size(); i-- > 0;) {
        if (const auto row = files_[i].find(oid)) return starts_[i] + *row;
    }
    return std::nullopt;
}

Oid CommitGraph::oid(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return at.file->oid(at.row);
}

Oid CommitGraph::tree(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return at.file->tree(at.row);
}

std::int64_t CommitGraph::time(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return at.file->time(at.row);
}

std::int64_t CommitGraph::corrected_time(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return corrected_times_ ? at.file->corrected_time(at.row).value_or(at.file->time(at.row)) : at.file->time(at.row);
}

bool CommitGraph::append_parents(std::uint32_t position, std::vector<std::uint32_t>& parents) const {
    const Place at = place(position);
    const auto level = at.file->level(at.row);
    const auto first = parents.size();
    if (!at.file->append_parents(at.row, parents)) return false;
    return std::all_of(parents.begin() + static_cast<std::ptrdiff_t>(first), parents.end(), [&](std::uint32_t parent) {
        if (parent >= size_) return false;
        const Place below = place(parent);
        return below.file->level(below.row) < level;
    });
}

bool CommitGraph::may_have_changed(std::uint32_t position, const BloomPath& path) const noexcept {
    const Place at = place(position);
    return path.may_have_changed(at.file->filter(at.row), at.file->bloom_settings());
}

}  // namespace uhost::git

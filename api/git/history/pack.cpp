#include "api/git/history/pack.hpp"

#include <algorithm>
#include <fstream>

#include "api/git/libgit2.hpp"

namespace uhost::git {

namespace {

/// gitformat-pack's "size encoding": seven bits a byte, the least significant first.
bool read_size(ByteView& bytes, std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if ((byte & 0x80) == 0) return true;
    }
    return false;
}

/// Reads a little-endian number that leaves zero bytes out: the low `count` bits of `mask` say which bytes follow.
bool read_sparse(const std::uint8_t*& at, const std::uint8_t* end, unsigned mask, unsigned count,
                 std::size_t& value) noexcept {
    value = 0;
    for (unsigned i = 0; i < count; ++i) {
        if ((mask & (1u << i)) == 0) continue;
        if (at == end) return false;
        value |= std::size_t{*at++} << (8 * i);
    }
    return true;
}

}  // namespace

bool read_delta_header(ByteView delta, DeltaHeader& header) noexcept {
    if (!read_size(delta, header.base_size) || !read_size(delta, header.result_size)) return false;
    header.body = delta;
    return true;
}

bool apply_delta(ByteView base, ByteView body, std::span<std::uint8_t> result) noexcept {
    const std::uint8_t* at = body.data();
    const std::uint8_t* const end = at + body.size();
    std::uint8_t* out = result.data();
    std::size_t room = result.size();
    while (at != end) {
        const std::uint8_t instruction = *at++;
        std::size_t size = instruction;
        const std::uint8_t* source = at;
        if (instruction & 0x80) {
            std::size_t offset = 0;
            if (!read_sparse(at, end, instruction, 4, offset)) return false;
            if (!read_sparse(at, end, instruction >> 4, 3, size)) return false;
            if (size == 0) size = 0x10000;
            if (offset > base.size() || size > base.size() - offset) return false;
            source = base.data() + offset;
        } else {
            if (instruction == 0 || size > static_cast<std::size_t>(end - at)) return false;
            at += size;
        }
        if (size > room) return false;
        std::memcpy(out, source, size);
        out += size;
        room -= size;
    }
    return room == 0;
}
namespace {

constexpr std::size_t fanout_size = 256 * 4;
constexpr std::size_t index_header_size = 8;
constexpr std::size_t trailer_size = 2 * Oid::size;
constexpr std::size_t pack_header_size = 12;
constexpr std::uint32_t large_offset_flag = 0x80000000u;
constexpr std::size_t row_size = Oid::size + 4 + 4;
constexpr std::size_t row_size_of_version_1 = 4 + Oid::size;
constexpr std::size_t max_object_folders = 64;

bool is_version_2(ByteView index) noexcept {
    static constexpr std::uint8_t magic[8] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
    return index.size() >= sizeof magic && std::memcmp(index.data(), magic, sizeof magic) == 0;
}

/// How many objects an index has; nothing if its tables do not fit into it. Behind its rows there may be large offsets.
std::optional<std::uint32_t> rows_of(ByteView index, std::size_t header, std::size_t row, bool large_offsets) noexcept {
    if (index.size() < header + fanout_size + trailer_size) return std::nullopt;
    std::uint32_t count = 0;
    for (unsigned i = 0; i < 256; ++i) {
        const std::uint32_t next = big_endian_32(index.data() + header + 4 * i);
        if (next < count) return std::nullopt;
        count = next;
    }
    const std::size_t tables = std::size_t{count} * row;
    const std::size_t room = index.size() - header - fanout_size - trailer_size;
    if (tables > room || (large_offsets ? (room - tables) % 8 != 0 : room != tables)) return std::nullopt;
    return count;
}

bool is_sound_index(const std::filesystem::path& path) {
    const auto file = MappedFile::open(path);
    std::error_code failed;
    // What is gone meanwhile, or unreadable, libgit2 says itself.
    if (!file) return std::filesystem::file_size(path, failed) > 0 || failed;
    const auto index = file->bytes();
    return is_version_2(index) ? rows_of(index, index_header_size, row_size, true).has_value()
                               : rows_of(index, 0, row_size_of_version_1, false).has_value();
}

}  // namespace

void require_sound_indexes(const std::vector<std::filesystem::path>& object_folders) {
    for (const auto& folder : object_folders) {
        std::error_code failed;
        for (std::filesystem::directory_iterator at(folder / "pack", failed), end; !failed && at != end;
             at.increment(failed)) {
            auto pack = at->path();
            if (pack.extension() != ".idx" || is_sound_index(pack)) continue;
            const auto index = pack.string();
            throw Error("git.corrupt_pack", "the index of a pack is damaged: " + index)
                .hint("write it anew: git index-pack " + shell_quoted(pack.replace_extension(".pack").string()))
                .with("path", index);
        }
    }
}

std::vector<std::filesystem::path> object_folders(const std::filesystem::path& git_folder) {
    std::vector<std::filesystem::path> folders{git_folder / "objects"};
    for (std::size_t i = 0; i < folders.size() && folders.size() < max_object_folders; ++i) {
        std::ifstream alternates(folders[i] / "info" / "alternates");
        for (std::string line; std::getline(alternates, line) && folders.size() < max_object_folders;) {
            if (line.empty() || line.front() == '#' || line.front() == '"') continue;
            const auto folder = (folders[i] / line).lexically_normal();
            if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(folder);
        }
    }
    return folders;
}

std::optional<Pack> Pack::open(const std::filesystem::path& index_path) {
    auto index = MappedFile::open(index_path);
    if (!index) return std::nullopt;
    auto pack_path = index_path;
    pack_path.replace_extension(".pack");
    auto pack_file = MappedFile::open(pack_path);
    if (!pack_file) return std::nullopt;
    Pack pack(std::move(*index), std::move(*pack_file));
    if (!pack.check()) return std::nullopt;
    return pack;
}

bool Pack::check() noexcept {
    const ByteView index = index_.bytes();
    if (!is_version_2(index)) return false;
    const auto count = rows_of(index, index_header_size, row_size, true);
    if (!count) return false;
    fanout_ = index.data() + index_header_size;
    oids_ = fanout_ + fanout_size;
    checksums_ = oids_ + std::size_t{*count} * Oid::size;
    offsets_ = checksums_ + std::size_t{*count} * 4;
    const auto* large = offsets_ + std::size_t{*count} * 4;
    large_offsets_ = {large, index.data() + index.size() - trailer_size};

    const ByteView pack = pack_.bytes();
    if (pack.size() < pack_header_size + Oid::size || std::memcmp(pack.data(), "PACK", 4) != 0) return false;
    const std::uint32_t version = big_endian_32(pack.data() + 4);
    if ((version != 2 && version != 3) || big_endian_32(pack.data() + 8) != *count) return false;
    // The index names the pack it was made for by the pack's closing checksum.
    const std::uint8_t* named = index.data() + index.size() - trailer_size;
    if (std::memcmp(named, pack.data() + pack.size() - Oid::size, Oid::size) != 0) return false;
    body_ = pack.first(pack.size() - Oid::size);
    return true;
}

std::optional<PackPosition> Pack::find(const Oid& oid) const noexcept {
    const auto row = find_row(fanout_, oids_, oid);
    return row ? position_at(*row) : std::nullopt;
}

std::optional<PackPosition> Pack::position_at(std::uint32_t row) const noexcept {
    PackPosition position;
    position.crc = big_endian_32(checksums_ + std::size_t{row} * 4);
    const std::uint32_t offset = big_endian_32(offsets_ + std::size_t{row} * 4);
    if ((offset & large_offset_flag) == 0) {
        position.offset = offset;
    } else {
        const std::size_t at = std::size_t{offset & ~large_offset_flag} * 8;
        if (at + 8 > large_offsets_.size()) return std::nullopt;
        position.offset = big_endian_64(large_offsets_.data() + at);
    }
    return position;
}

std::optional<PackEntry> Pack::entry_at(std::uint64_t offset) const noexcept {
    if (offset < pack_header_size || offset >= body_.size()) return std::nullopt;
    const std::uint8_t* at = body_.data() + offset;
    const std::uint8_t* const end = body_.data() + body_.size();
    std::uint8_t byte = *at++;
    PackEntry entry;
    entry.type = static_cast<ObjectType>((byte >> 4) & 7);
    entry.size = byte & 15;
    for (unsigned shift = 4; byte & 0x80; shift += 7) {
        if (at == end || shift > 56) return std::nullopt;
        byte = *at++;
        entry.size |= std::uint64_t{byte & 0x7fu} << shift;
    }
    if (entry.type == ObjectType::offset_delta) {
        // gitformat-pack's "offset encoding": big-endian groups of seven bits, each continued group worth one more.
        std::uint64_t distance = 0;
        for (unsigned i = 0;; ++i) {
            if (at == end || i > 8) return std::nullopt;
            byte = *at++;
            distance = (distance << 7) | (byte & 0x7f);
            if ((byte & 0x80) == 0) break;
            ++distance;
        }
        if (distance == 0 || distance >= offset) return std::nullopt;
        entry.base_offset = offset - distance;
    } else if (entry.type == ObjectType::reference_delta) {
        if (static_cast<std::size_t>(end - at) < Oid::size) return std::nullopt;
        entry.base = Oid::from_bytes(at);
        at += Oid::size;
    }
    entry.data_offset = static_cast<std::uint64_t>(at - body_.data());
    return entry;
}

SharedObject BaseCache::find(std::size_t pack, std::uint64_t offset) {
    const auto place = places_.find({pack, offset});
    if (place == places_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, place->second);
    return place->second->object;
}

void BaseCache::put(std::size_t pack, std::uint64_t offset, SharedObject object) {
    const std::size_t size = object->size;
    if (size > budget_ / 8) return;
    const Key key{pack, offset};
    if (places_.contains(key)) return;
    while (used_ + size > budget_ && !recent_.empty()) {
        used_ -= recent_.back().object->size;
        places_.erase(recent_.back().key);
        recent_.pop_back();
    }
    recent_.push_front({key, std::move(object)});
    places_.emplace(key, recent_.begin());
    used_ += size;
}

}  // namespace uhost::git

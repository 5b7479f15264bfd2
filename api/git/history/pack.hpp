#pragma once

#include <filesystem>
#include <optional>

#include "api/git/history/mapped_file.hpp"
#include "api/git/history/oid.hpp"

namespace uhost::git {

/// The type numbers of gitformat-pack ("Object types").
enum class ObjectType : std::uint8_t {
    none = 0,
    commit = 1,
    tree = 2,
    blob = 3,
    tag = 4,
    offset_delta = 6,
    reference_delta = 7
};

/// Where an object starts in its pack, and the checksum of its bytes there as the index has it.
struct PackPosition {
    std::uint64_t offset = 0;
    std::uint32_t crc = 0;
};

/// What the front of a pack entry says. For a delta, `base_offset` or `base` names what it applies to.
struct PackEntry {
    ObjectType type = ObjectType::none;
    std::uint64_t size = 0;         ///< of the inflated bytes
    std::uint64_t data_offset = 0;  ///< where the deflated bytes start
    std::uint64_t base_offset = 0;
    Oid base;
};

/// A pack and its version 2 index (gitformat-pack), mapped into memory. Immutable, so any number of threads may read
/// it.
///
/// Both files are taken for hostile: every number in them is checked before it is followed.
class Pack {
public:
    /// Opens `NAME.idx` and the `NAME.pack` beside it; nothing if either is not what this class knows.
    static std::optional<Pack> open(const std::filesystem::path& index_path);

    std::optional<PackPosition> find(const Oid& oid) const noexcept;

    /// The front of the entry at `offset`; nothing if there cannot be one.
    std::optional<PackEntry> entry_at(std::uint64_t offset) const noexcept;

    /// The pack's bytes without its closing checksum.
    ByteView body() const noexcept { return body_; }

private:
    Pack(MappedFile index, MappedFile pack) noexcept : index_(std::move(index)), pack_(std::move(pack)) {}
    bool check() noexcept;
    std::optional<PackPosition> position_at(std::uint32_t row) const noexcept;

    MappedFile index_;
    MappedFile pack_;
    ByteView body_;
    const std::uint8_t* fanout_ = nullptr;
    const std::uint8_t* oids_ = nullptr;
    const std::uint8_t* checksums_ = nullptr;
    const std::uint8_t* offsets_ = nullptr;
    ByteView large_offsets_;
};

}  // namespace uhost::git

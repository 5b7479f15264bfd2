#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/oid.hpp"

namespace uhost::git {

/// The two sizes a delta starts with. `body` is what follows them.
struct DeltaHeader {
    std::uint64_t base_size = 0;
    std::uint64_t result_size = 0;
    ByteView body;
};

/// Reads the sizes at the front of a delta; false if it is cut short or a size does not fit.
bool read_delta_header(ByteView delta, DeltaHeader& header) noexcept;

/// Applies the instructions in `body` (gitformat-pack, "Deltified representation") to `base`, filling `result`
/// exactly. False if an instruction reaches outside of the base or of the result, or leaves part of it unwritten.
bool apply_delta(ByteView base, ByteView body, std::span<std::uint8_t> result) noexcept;

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

/// Throws `git.corrupt_pack` if an index in one of the `objects` folders is damaged: libgit2 1.5 follows some of its
/// numbers unchecked, out of its memory or for ever.
void require_sound_indexes(const std::vector<std::filesystem::path>& object_folders);

/// The `objects` folder of a git folder, then, breadth first, those that its `info/alternates` name.
std::vector<std::filesystem::path> object_folders(const std::filesystem::path& git_folder);

/// An inflated object that no one changes any more.
struct ObjectBytes {
    ObjectType type = ObjectType::none;
    std::size_t size = 0;
    std::unique_ptr<std::uint8_t[]> data;

    ByteView view() const noexcept { return {data.get(), size}; }
    std::span<std::uint8_t> writable() noexcept { return {data.get(), size}; }
};

using SharedObject = std::shared_ptr<const ObjectBytes>;

/// Keeps the objects read last, by the place of their pack entry, up to a number of bytes: the next older version of a
/// tree is usually a delta of the one just read. For one thread.
class BaseCache {
public:
    explicit BaseCache(std::size_t budget_bytes) : budget_(budget_bytes) {}

    /// The object at `offset` of pack number `pack`, or null.
    SharedObject find(std::size_t pack, std::uint64_t offset);

    /// Takes the object in, letting go of those unused longest. One larger than an eighth of the budget is not kept.
    void put(std::size_t pack, std::uint64_t offset, SharedObject object);

private:
    struct Key {
        std::size_t pack;
        std::uint64_t offset;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return (key.offset * 0x9e3779b97f4a7c15u) ^ (key.pack << 56);
        }
    };
    struct Kept {
        Key key;
        SharedObject object;
    };

    std::size_t budget_;
    std::size_t used_ = 0;
    std::list<Kept> recent_;  // the most recently used first
    std::unordered_map<Key, std::list<Kept>::iterator, KeyHash> places_;
};

}  // namespace uhost::git

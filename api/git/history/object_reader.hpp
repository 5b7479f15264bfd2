#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "api/git/history/base_cache.hpp"
#include "api/git/history/object_store.hpp"

struct libdeflate_decompressor;

namespace uhost::git {

/// Reads objects for one thread.
///
/// Packed objects are read straight from the mapped pack, because a walk over a long history is little else than
/// reading a commit and a root tree for every commit, and libgit2's reader was the larger part of its time (the
/// figures are in deletions.hpp). What differs: libdeflate inflates, every tree read is kept as a base for the next
/// older one, and an entry is checked by its CRC in the index rather than by hashing the object. Whatever this reader
/// does not know or finds damaged (loose objects, packs that arrived later, version 1 indexes, entries that fail
/// their checks) is asked of libgit2, which verifies the hash.
class ObjectReader {
public:
    explicit ObjectReader(const ObjectStore& store);
    ~ObjectReader();
    ObjectReader(ObjectReader&&) noexcept;
    ObjectReader& operator=(ObjectReader&&) noexcept;

    /// The content of `oid`, valid until the next read. Raises `git.missing_object` if it is not there and
    /// `git.corrupt_object` if it cannot be read or is not of the type expected.
    ByteView read(const Oid& oid, ObjectType expected);

    /// The same, but nothing if the object is not there.
    std::optional<ByteView> read_if_there(const Oid& oid, ObjectType expected);

    const ObjectStore& store() const noexcept { return *store_; }

    /// The error for an object that cannot be made sense of.
    Error corrupt(const Oid& oid, std::string_view what, std::string native = {}) const;

private:
    struct FreeDecompressor {
        void operator()(libdeflate_decompressor* decompressor) const noexcept;
    };
    /// A delta on the way from the object asked for down to its base.
    struct Step {
        std::uint64_t offset;
        PackEntry entry;
    };

    std::optional<ByteView> read_packed(const Oid& oid, ObjectType expected);
    std::optional<ByteView> read_entry(std::size_t pack, const PackPosition& position, ObjectType expected);
    SharedObject find_base(std::size_t pack, const PackPosition& top, PackEntry entry);
    SharedObject inflate_base(std::size_t pack, std::uint64_t offset, const PackEntry& entry, const PackPosition& top);
    SharedObject apply_step(std::size_t pack, const Step& step, const SharedObject& base, const PackPosition& top);
    bool inflate(std::size_t pack, std::uint64_t offset, const PackEntry& entry, std::span<std::uint8_t> into,
                 const PackPosition& top);
    std::optional<ByteView> read_with_libgit2(const Oid& oid, ObjectType expected);

    const ObjectStore* store_;
    std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor_;
    BaseCache bases_;
    std::vector<Step> steps_;
    std::vector<std::uint8_t> scratch_;  // an inflated commit or delta
    SharedObject current_;               // what the last view points into, if not scratch_ or odb_object_
    OdbObjectHandle odb_object_;
    std::size_t last_pack_ = 0;
};

}  // namespace uhost::git

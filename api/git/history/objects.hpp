#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "api/git/history/commit_graph.hpp"
#include "api/git/history/new_objects.hpp"
#include "api/git/history/pack.hpp"
#include "api/git/libgit2.hpp"

struct libdeflate_decompressor;

namespace uhost::git {

/// Where the objects of one repository lie: its packs (and those of its alternates), what `git replace` put in the
/// place of what, the commits a shallow clone was cut at, and libgit2's object database for everything else. Does not
/// change once made, but for the commit-graph that is opened when first asked for; the readers of several threads share
/// it.
///
/// Replacements are followed as git follows them (not with GIT_NO_REPLACE_OBJECTS set, or core.useReplaceRefs false).
/// The old `info/grafts` file is not read; git itself advises `git replace` in its stead.
class ObjectStore {
public:
    /// Opens the repository at `path`; raises what `open_repository` raises.
    explicit ObjectStore(const std::filesystem::path& path);

    const std::filesystem::path& path() const noexcept { return path_; }
    git_repository* repository() const noexcept { return repository_.get(); }
    git_odb* odb() const noexcept { return odb_.get(); }
    const std::vector<Pack>& packs() const noexcept { return packs_; }

    /// The `objects` folders, the repository's own first.
    const std::vector<std::filesystem::path>& folders() const noexcept { return folders_; }

    /// The commit-graph, opened at the first call; null unless git itself would use it: not if `core.commitGraph` is
    /// false, objects are replaced, or the clone is shallow (the parents it lists are not those git then sees).
    const CommitGraph* commit_graph() const;

    /// The object to read when `oid` is asked for.
    const Oid& replaced(const Oid& oid) const noexcept;
    bool has_replacements() const noexcept { return !replacements_.empty(); }

    /// Whether a shallow clone has `oid` without its parents.
    bool is_shallow(const Oid& oid) const noexcept { return shallow_.contains(oid); }
    bool has_shallow() const noexcept { return !shallow_.empty(); }

    /// Whether objects may be missing on purpose (a clone with `--filter`).
    bool is_partial() const noexcept { return partial_; }

    /// The setting `name`, or `fallback` where it is not set.
    bool setting(const char* name, bool fallback) const;

private:
    bool is_set(const char* name) const;
    void open_packs();
    void read_replacements();
    void read_shallow();

    std::filesystem::path path_;
    RepositoryHandle repository_;
    OdbHandle odb_;
    std::vector<std::filesystem::path> folders_;
    std::vector<Pack> packs_;
    std::unordered_map<Oid, Oid, OidHash> replacements_;
    std::unordered_set<Oid, OidHash> shallow_;
    bool partial_ = false;
    mutable std::once_flag graph_once_;
    mutable std::optional<CommitGraph> graph_;
};

/// The error for a commit-graph that is not sound.
Error corrupt_graph_error(const ObjectStore& store);

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

    /// Reads objects of `objects` as well, which must outlive the reader.
    void read_also(const NewObjects& objects) noexcept { new_objects_ = &objects; }

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
    const NewObjects* new_objects_ = nullptr;
    std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor_;
    BaseCache bases_;
    std::vector<Step> steps_;
    std::vector<std::uint8_t> scratch_;  // an inflated commit or delta
    SharedObject current_;               // what the last view points into, if not scratch_ or odb_object_
    OdbObjectHandle odb_object_;
    std::size_t last_pack_ = 0;
};

}  // namespace uhost::git

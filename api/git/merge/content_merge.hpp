#pragma once

#include <optional>

#include "api/git/attributes.hpp"
#include "api/git/history/objects.hpp"
#include "api/git/history/renames.hpp"
#include "api/git/history/tree_object.hpp"
#include "api/git/merge/line_merge.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// How gitattributes want a file merged.
struct MergeDriver {
    enum class Kind : std::uint8_t { text, binary, union_of_both };
    Kind kind = Kind::text;
    std::string external;  ///< a driver that is configured as a program; it is never run
    std::size_t marker_size = 7;
};

/// What became of one file. `clean` is false if it is in conflict.
struct ContentMerge {
    PathEntry entry;
    bool clean = true;
    bool merged = false;  ///< both sides had changed the content
    bool binary = false;
    bool text_conflict = false;
    std::string driver;  ///< see MergeDriver::external
    std::vector<ConflictHunk> hunks;
};

/// Merges the content of files, links and submodules as merge-ort does. Reads only what has to be merged. For one
/// thread.
class ContentMerger {
public:
    /// Attributes are those of the work tree, as git reads them; in a bare repository, those of commit `attributes_of`.
    ContentMerger(const Repository& repository, ObjectReader& reader, NewObjects& objects,
                  std::optional<Oid> attributes_of);

    struct File {
        std::string path;  ///< decides the attributes
        PathEntry base, ours, theirs;
        ConflictStyle style = ConflictStyle::merge;
        MergeLabels labels;
        std::size_t extra_marker_size = 0;
        bool favor_theirs = false;
        bool is_virtual = false;  ///< of a merge of merge bases: what cannot be merged stays as it was
    };

    /// `ours` and `theirs` are of the same type. Raises `git.missing_object` for content that a partial clone lacks.
    ContentMerge merge(const File& file);

    /// Whether a text of this size may be given to the caller as well: at most 64 MiB are, in all.
    bool may_give(std::size_t bytes) noexcept;

    ObjectReader& reader() const noexcept { return reader_; }
    NewObjects& objects() const noexcept { return objects_; }
    SignatureCache& signatures() noexcept { return signatures_; }

private:
    void merge_text(const File& file, ContentMerge& result);
    void merge_submodule(const File& file, ContentMerge& result);
    MergeDriver driver_of(const std::string& path);
    std::string content_of(const PathEntry& entry, bool wanted);

    Lease lease_;
    EmptyIndex empty_index_;
    std::optional<std::string> work_tree_;
    ObjectReader& reader_;
    NewObjects& objects_;
    std::optional<Oid> attributes_of_;
    SignatureCache signatures_;
    std::size_t given_bytes_ = 0;
};

}  // namespace uhost::git

#pragma once

#include "api/git/history/libgit2.hpp"

namespace uhost::git {

using CommitHandle = std::unique_ptr<git_commit, FreedBy<git_commit_free>>;
using TreeHandle = std::unique_ptr<git_tree, FreedBy<git_tree_free>>;
using TreeEntryHandle = std::unique_ptr<git_tree_entry, FreedBy<git_tree_entry_free>>;
using TreeBuilderHandle = std::unique_ptr<git_treebuilder, FreedBy<git_treebuilder_free>>;
using BlobHandle = std::unique_ptr<git_blob, FreedBy<git_blob_free>>;
using TagHandle = std::unique_ptr<git_tag, FreedBy<git_tag_free>>;
using DiffHandle = std::unique_ptr<git_diff, FreedBy<git_diff_free>>;
using PatchHandle = std::unique_ptr<git_patch, FreedBy<git_patch_free>>;
using BlameHandle = std::unique_ptr<git_blame, FreedBy<git_blame_free>>;
using StatusListHandle = std::unique_ptr<git_status_list, FreedBy<git_status_list_free>>;
using DescribeHandle = std::unique_ptr<git_describe_result, FreedBy<git_describe_result_free>>;
using IndexHandle = std::unique_ptr<git_index, FreedBy<git_index_free>>;
using SignatureHandle = std::unique_ptr<git_signature, FreedBy<git_signature_free>>;
using RemoteHandle = std::unique_ptr<git_remote, FreedBy<git_remote_free>>;
using TransactionHandle = std::unique_ptr<git_transaction, FreedBy<git_transaction_free>>;
using RevwalkHandle = std::unique_ptr<git_revwalk, FreedBy<git_revwalk_free>>;

/// Receives what a libgit2 function hands out through its first parameter: `lookup(out(handle), …)`.
template <class Handle>
class Out {
public:
    explicit Out(Handle& handle) : handle_(handle) {}
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    ~Out() { handle_.reset(raw_); }
    operator typename Handle::pointer *() { return &raw_; }

private:
    Handle& handle_;
    typename Handle::pointer raw_ = nullptr;
};

template <class Handle>
Out<Handle> out(Handle& handle) {
    return Out<Handle>(handle);
}

/// A buffer that libgit2 fills and frees.
struct Buffer {
    git_buf raw = GIT_BUF_INIT;
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { git_buf_dispose(&raw); }
    std::string text() const { return raw.ptr == nullptr ? std::string() : std::string(raw.ptr, raw.size); }
};

/// Strings that libgit2 allocates and frees.
struct StringArray {
    git_strarray raw{nullptr, 0};
    StringArray() = default;
    StringArray(const StringArray&) = delete;
    StringArray& operator=(const StringArray&) = delete;
    ~StringArray() { git_strarray_dispose(&raw); }
    std::vector<std::string> texts() const { return {raw.strings, raw.strings + raw.count}; }
};

/// Lends strings of ours to libgit2; they must outlive it.
class LentStrings {
public:
    explicit LentStrings(const std::vector<std::string>& texts) {
        for (const auto& text : texts) pointers_.push_back(const_cast<char*>(text.c_str()));
    }
    git_strarray raw() { return {pointers_.data(), pointers_.size()}; }

private:
    std::vector<char*> pointers_;
};

}  // namespace uhost::git

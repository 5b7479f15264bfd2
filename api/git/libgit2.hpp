#pragma once

#include <git2.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/git/history/oid.hpp"
#include "host/core/error.hpp"

/// libgit2 as this primitive uses it: handles that free themselves, calls that say what went wrong, errors for people.
namespace uhost::git {

/// Frees a libgit2 handle with the function that belongs to it.
template <auto Free>
struct FreedBy {
    template <typename Handle>
    void operator()(Handle* handle) const noexcept {
        Free(handle);
    }
};

using RepositoryHandle = std::unique_ptr<git_repository, FreedBy<git_repository_free>>;
using OdbHandle = std::unique_ptr<git_odb, FreedBy<git_odb_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, FreedBy<git_odb_object_free>>;
using ObjectHandle = std::unique_ptr<git_object, FreedBy<git_object_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, FreedBy<git_reference_free>>;
using ReferenceIteratorHandle = std::unique_ptr<git_reference_iterator, FreedBy<git_reference_iterator_free>>;
using IndexHandle = std::unique_ptr<git_index, FreedBy<git_index_free>>;
using ConfigHandle = std::unique_ptr<git_config, FreedBy<git_config_free>>;
using CommitHandle = std::unique_ptr<git_commit, FreedBy<git_commit_free>>;
using TreeHandle = std::unique_ptr<git_tree, FreedBy<git_tree_free>>;
using TreeEntryHandle = std::unique_ptr<git_tree_entry, FreedBy<git_tree_entry_free>>;
using BlobHandle = std::unique_ptr<git_blob, FreedBy<git_blob_free>>;
using DiffHandle = std::unique_ptr<git_diff, FreedBy<git_diff_free>>;
using PatchHandle = std::unique_ptr<git_patch, FreedBy<git_patch_free>>;
using BlameHandle = std::unique_ptr<git_blame, FreedBy<git_blame_free>>;
using StatusListHandle = std::unique_ptr<git_status_list, FreedBy<git_status_list_free>>;
using DescribeHandle = std::unique_ptr<git_describe_result, FreedBy<git_describe_result_free>>;
using SignatureHandle = std::unique_ptr<git_signature, FreedBy<git_signature_free>>;
using RefspecHandle = std::unique_ptr<git_refspec, FreedBy<git_refspec_free>>;
using RemoteHandle = std::unique_ptr<git_remote, FreedBy<git_remote_free>>;
using TransactionHandle = std::unique_ptr<git_transaction, FreedBy<git_transaction_free>>;

/// Receives what a libgit2 function hands out through its first parameter: `attempt(git_blob_lookup, out(handle), …)`.
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

/// Strings of ours for libgit2 to read; they must outlive it.
class BorrowedStrings {
public:
    explicit BorrowedStrings(const std::vector<std::string>& texts) {
        for (const auto& text : texts) pointers_.push_back(const_cast<char*>(text.c_str()));
    }
    git_strarray raw() { return {pointers_.data(), pointers_.size()}; }

private:
    std::vector<char*> pointers_;
};

inline git_oid to_git_oid(const Oid& oid) noexcept {
    git_oid out;
    std::memcpy(out.id, oid.bytes.data(), Oid::size);
    return out;
}

inline Oid from_git_oid(const git_oid& oid) noexcept { return Oid::from_bytes(oid.id); }

/// What one call of libgit2 came to. `message` and `error_class` (a `git_error_t`) belong to that call and no other;
/// both are empty when it succeeded.
struct [[nodiscard]] Outcome {
    int code = 0;
    int error_class = GIT_ERROR_NONE;
    std::string message;

    bool ok() const noexcept { return code >= 0; }
    bool mentions(std::string_view words) const { return message.find(words) != std::string::npos; }
};

/// The outcome of a call that just returned `code`, on the thread that made it. Only for attempt().
Outcome outcome_of(int code);

/// Calls a function of libgit2. libgit2 keeps one last error for each thread and leaves it there when a call succeeds
/// or fails without a message; it is cleared before the call, so that no error speaks of an earlier one.
template <class Function, class... Arguments>
Outcome attempt(Function function, Arguments&&... arguments) {
    git_error_clear();
    return outcome_of(function(std::forward<Arguments>(arguments)...));
}

/// Starts libgit2 once for the process; it is shut down at exit. Safe from any thread.
void start_libgit2();

/// Has libgit2 trust the certificates in `file` (PEM); for "", the system's, which are read when first needed.
Outcome load_certificates(const std::string& file);

/// Turns a failed call into an exception, does nothing for one that succeeded. `what` says what was tried, as in
/// "cannot read the tree of 'main'". Kinds: `git.missing_object`, `git.shallow` (something is missing and the clone is
/// shallow), `git.locked`, `git.ambiguous`, `git.cancelled`, `git.corrupt_object`, `git.exists`, `git.file`, else
/// `git.failed`. `repository` may be null.
void check(const Outcome& outcome, const std::string& what, git_repository* repository = nullptr);

/// The error that check() throws.
Error failure(const Outcome& outcome, const std::string& what, git_repository* repository = nullptr);

/// The error for a full disk or a file that may not be written, if that is why the call failed: kind `git.file`.
std::optional<Error> system_failure(const Outcome& outcome, const std::string& what);

/// An object that should be there is not; why depends on the kind of clone.
Error missing_object_error(const std::string& what, git_repository* repository);

/// Text as one word of a shell.
std::string shell_quoted(const std::string& text);

/// A clone without the history that was asked for.
Error shallow_error(const std::string& what);

/// What needs a work tree was asked of a bare repository.
Error bare_error(const std::string& what);

}  // namespace uhost::git

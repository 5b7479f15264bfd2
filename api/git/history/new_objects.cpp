#include "api/git/history/new_objects.hpp"

#include <git2/odb_backend.h>
#include <libdeflate.h>
#include <openssl/evp.h>

#include <memory>

namespace uhost::git {
namespace {

constexpr std::size_t max_new_bytes = std::size_t{1} << 30;
constexpr std::size_t min_objects_for_pack = 100;  // as git's fetch.unpackLimit: a file for each would take longer
constexpr int fastest_compression = 1;

void require(bool ok, const char* what) {
    if (!ok) throw Error("git.failed", std::string("cannot write new objects: ") + what);
}

/// Sends a pack (gitformat-pack) to an object database as it is made.
class PackStream {
public:
    PackStream(git_odb* odb, std::size_t count)
        : digest_(EVP_MD_CTX_new()), compressor_(libdeflate_alloc_compressor(fastest_compression)) {
        require(digest_ != nullptr && EVP_DigestInit_ex(digest_.get(), EVP_sha1(), nullptr) == 1, "no SHA-1");
        require(compressor_ != nullptr, "no memory");
        git_odb_writepack* sink = nullptr;
        check(attempt(git_odb_write_pack, &sink, odb, nullptr, nullptr), "cannot write a pack");
        sink_.reset(sink);
        std::string head = "PACK";
        for (const std::uint32_t number : {std::uint32_t{2}, static_cast<std::uint32_t>(count)}) {
            for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(number >> shift);
        }
        append(head.data(), head.size());
    }

    void add(ObjectType type, const std::string& content) {
        std::string head;
        auto size = content.size();
        auto byte = static_cast<unsigned>(type) << 4 | (size & 15);
        for (size >>= 4; size > 0; size >>= 7) {
            head += static_cast<char>(byte | 0x80);
            byte = size & 0x7f;
        }
        head += static_cast<char>(byte);
        append(head.data(), head.size());
        deflated_.resize(libdeflate_zlib_compress_bound(compressor_.get(), content.size()));
        const auto used = libdeflate_zlib_compress(compressor_.get(), content.data(), content.size(), deflated_.data(),
                                                   deflated_.size());
        require(used > 0, "no memory");
        append(deflated_.data(), used);
    }

    void finish() {
        unsigned char sum[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        require(EVP_DigestFinal_ex(digest_.get(), sum, &size) == 1, "no SHA-1");
        check(attempt(sink_->append, sink_.get(), sum, std::size_t{size}, &progress_), "cannot write a pack");
        check(attempt(sink_->commit, sink_.get(), &progress_), "cannot write a pack");
    }

private:
    struct FreeSink {
        void operator()(git_odb_writepack* sink) const noexcept { sink->free(sink); }
    };

    void append(const void* data, std::size_t size) {
        require(EVP_DigestUpdate(digest_.get(), data, size) == 1, "no SHA-1");
        check(attempt(sink_->append, sink_.get(), data, size, &progress_), "cannot write a pack");
    }

    std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>> digest_;
    std::unique_ptr<libdeflate_compressor, FreedBy<libdeflate_free_compressor>> compressor_;
    std::unique_ptr<git_odb_writepack, FreeSink> sink_;
    git_indexer_progress progress_{};
    std::string deflated_;
};

}  // namespace

Oid NewObjects::add(ObjectType type, std::string content) {
    git_oid id;
    // libgit2 numbers whole objects as packs do.
    check(attempt(git_odb_hash, &id, content.data(), content.size(), static_cast<git_object_t>(type)),
          "cannot name a new object");
    const Oid oid = from_git_oid(id);
    const auto size = content.size();
    if (!objects_.try_emplace(oid, type, std::move(content)).second) return oid;
    bytes_ += size;
    if (bytes_ > max_new_bytes) {
        throw Error("git.limit", "new objects take more than 1 GiB").hint("merge fewer commits at a time");
    }
    return oid;
}

std::optional<ByteView> NewObjects::find(const Oid& oid, ObjectType type) const {
    const auto found = objects_.find(oid);
    if (found == objects_.end() || found->second.type != type) return std::nullopt;
    const auto& content = found->second.content;
    return ByteView(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
}

void NewObjects::write(git_odb* odb) const {
    std::vector<const Object*> missing;
    for (const auto& [oid, object] : objects_) {
        const auto id = to_git_oid(oid);
        if (git_odb_exists_ext(odb, &id, GIT_ODB_LOOKUP_NO_REFRESH) == 0) missing.push_back(&object);
    }
    if (missing.size() >= min_objects_for_pack) {
        PackStream pack(odb, missing.size());
        for (const auto* object : missing) pack.add(object->type, object->content);
        pack.finish();
        return;
    }
    for (const auto* object : missing) {
        git_oid id;
        check(attempt(git_odb_write, &id, odb, object->content.data(), object->content.size(),
                      static_cast<git_object_t>(object->type)),
              "cannot write a new object");
    }
}

}  // namespace uhost::git

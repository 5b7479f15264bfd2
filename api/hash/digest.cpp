#include "api/hash/digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "host/core/descriptor.hpp"
#include "host/core/encoding.hpp"
#include "host/core/error.hpp"


namespace uhost::hash {
namespace {

const EVP_MD* method(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::sha1: return EVP_sha1();
        case Algorithm::sha512: return EVP_sha512();
        case Algorithm::md5: return EVP_md5();
        case Algorithm::sha256: break;
    }
    return EVP_sha256();
}

class Digest {
public:
    explicit Digest(Algorithm algorithm) {
        check(context_ && EVP_DigestInit_ex(context_.get(), method(algorithm), nullptr) == 1);
    }
    void add(std::string_view bytes) { check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
    std::string finish() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned length = 0;
        check(EVP_DigestFinal_ex(context_.get(), bytes.data(), &length) == 1);
        return encode_hex({reinterpret_cast<const char*>(bytes.data()), length});
    }

private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    static void check(bool done) {
        if (!done) throw Error("hash.failed", "OpenSSL refuses this algorithm").hint("use sha256");
    }
    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

}  // namespace

std::optional<Algorithm> algorithm_named(std::string_view name) {
    if (name == "sha256") return Algorithm::sha256;
    if (name == "sha1") return Algorithm::sha1;
    if (name == "sha512") return Algorithm::sha512;
    if (name == "md5") return Algorithm::md5;
    return std::nullopt;
}

std::string digest(std::string_view bytes, Algorithm algorithm) {
    Digest digest(algorithm);
    digest.add(bytes);
    return digest.finish();
}

std::string file_digest(const FilePlace& place, Algorithm algorithm, const std::stop_token& stop) {
    const auto path = place.path.string();
    const auto failure = [&path](int code) {
        return system_error("hash.file", "cannot read " + path, code).with("path", path);
    };
    const auto file = place.open(O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) throw failure(errno);
    if (!S_ISREG(status.st_mode)) {
        throw Error("hash.file", path + " has no content to hash").hint("name a regular file").with("path", path);
    }
    Digest digest(algorithm);
    std::vector<char> piece(1 << 20);
    while (true) {
        if (stop.stop_requested()) return {};
        const ssize_t count = ::read(file.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw failure(errno);
        if (count == 0) return digest.finish();
        digest.add({piece.data(), static_cast<std::size_t>(count)});
    }
}

}  // namespace uhost::hash

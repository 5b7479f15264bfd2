#include "api/github/gzip.hpp"

#include <libdeflate.h>

#include <memory>

#include "host/core/error.hpp"

namespace uhost::github {

std::string gzip(std::string_view bytes) {
    constexpr int level = 6;
    const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
        libdeflate_alloc_compressor(level), libdeflate_free_compressor);
    if (!compressor) throw Error("internal", "there is no memory to compress with");
    std::string packed(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
    packed.resize(
        libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size()));
    return packed;
}

}  // namespace uhost::github

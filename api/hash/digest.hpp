#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "host/core/resolved_path.hpp"

namespace uhost::hash {

enum class Algorithm { sha256, sha1, sha512, md5 };

std::optional<Algorithm> algorithm_named(std::string_view name);

/// The digest in lower-case hexadecimal digits. Throws `hash.failed` when the library refuses, as OpenSSL does with MD5
/// where only algorithms that FIPS allows may be used.
std::string digest(std::string_view bytes, Algorithm algorithm);

/// Of a regular file's content, read in pieces. Throws `hash.file`. Nothing when asked to stop.
std::string file_digest(const FilePlace& place, Algorithm algorithm, const std::stop_token& stop);

}  // namespace uhost::hash

#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

/// What a bundle has behind the launcher: files, compressed by zstd, and a trailer. Nothing here knows of Lua or libuhost,
/// because the launcher is linked statically and runs before either is unpacked.
namespace uhost::bundle {

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Trailer {
    std::uint64_t begin = 0;  ///< where in the file the archive is
    std::uint64_t size = 0;
    std::string digest;  ///< SHA-256 of all that is in it, in hexadecimal
    std::string script;  ///< what is run, as a path in the archive
};

/// Throws Failure when the file has no trailer.
Trailer read_trailer(const std::filesystem::path& bundle);

/// Unpacks into a folder that is there. Throws Failure when the archive is damaged or a file cannot be written.
void unpack(const std::filesystem::path& bundle, const Trailer& trailer, const std::filesystem::path& folder);

/// Writes a bundle: a copy of the launcher, and the files of `list`, which has a line for each: "x" or "-", the path in the
/// archive, and the file, separated by tabs. Throws Failure.
void pack(const std::filesystem::path& launcher, std::istream& list, const Trailer& named,
          const std::filesystem::path& output);

}  // namespace uhost::bundle

#pragma once

#include "api/git/history/bytes.hpp"

namespace uhost::git {

/// The two sizes a delta starts with. `body` is what follows them.
struct DeltaHeader {
    std::uint64_t base_size = 0;
    std::uint64_t result_size = 0;
    ByteView body;
};

/// Reads the sizes at the front of a delta; false if it is cut short or a size does not fit.
bool read_delta_header(ByteView delta, DeltaHeader& header) noexcept;

/// Applies the instructions in `body` (gitformat-pack, "Deltified representation") to `base`, filling `result`
/// exactly. False if an instruction reaches outside of the base or of the result, or leaves part of it unwritten.
bool apply_delta(ByteView base, ByteView body, std::span<std::uint8_t> result) noexcept;

}  // namespace uhost::git

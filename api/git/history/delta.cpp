#include "api/git/history/delta.hpp"

namespace uhost::git {
namespace {

/// gitformat-pack's "size encoding": seven bits a byte, the least significant first.
bool read_size(ByteView& bytes, std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if ((byte & 0x80) == 0) return true;
    }
    return false;
}

/// Reads the bytes of a number whose presence the low `count` bits of `mask` tell.
bool read_sparse(const std::uint8_t*& at, const std::uint8_t* end, unsigned mask, unsigned count,
                 std::size_t& value) noexcept {
    value = 0;
    for (unsigned i = 0; i < count; ++i) {
        if ((mask & (1u << i)) == 0) continue;
        if (at == end) return false;
        value |= std::size_t{*at++} << (8 * i);
    }
    return true;
}

}  // namespace

bool read_delta_header(ByteView delta, DeltaHeader& header) noexcept {
    if (!read_size(delta, header.base_size) || !read_size(delta, header.result_size)) return false;
    header.body = delta;
    return true;
}

bool apply_delta(ByteView base, ByteView body, std::span<std::uint8_t> result) noexcept {
    const std::uint8_t* at = body.data();
    const std::uint8_t* const end = at + body.size();
    std::uint8_t* out = result.data();
    std::size_t room = result.size();
    while (at != end) {
        const std::uint8_t instruction = *at++;
        std::size_t size = instruction;
        const std::uint8_t* source = at;
        if (instruction & 0x80) {
            std::size_t offset = 0;
            if (!read_sparse(at, end, instruction, 4, offset)) return false;
            if (!read_sparse(at, end, instruction >> 4, 3, size)) return false;
            if (size == 0) size = 0x10000;
            if (offset > base.size() || size > base.size() - offset) return false;
            source = base.data() + offset;
        } else {
            if (instruction == 0 || size > static_cast<std::size_t>(end - at)) return false;
            at += size;
        }
        if (size > room) return false;
        std::memcpy(out, source, size);
        out += size;
        room -= size;
    }
    return room == 0;
}

}  // namespace uhost::git

#include "api/git/history/similarity.hpp"

#include <algorithm>

namespace uhost::git {
namespace {

constexpr std::size_t longest_piece = 64;
constexpr std::size_t looked_at_for_nul = 8000;

}  // namespace

ContentSignature::ContentSignature(ByteView content) : size_(content.size()) {
    const std::size_t looked_at = std::min(content.size(), looked_at_for_nul);
    const bool is_text = looked_at == 0 || std::memchr(content.data(), 0, looked_at) == nullptr;
    constexpr std::uint64_t fnv_basis = 0xcbf29ce484222325u;
    constexpr std::uint64_t fnv_prime = 0x100000001b3u;
    std::uint64_t hash = fnv_basis;
    std::size_t length = 0;
    for (std::size_t i = 0; i < content.size(); ++i) {
        const std::uint8_t byte = content[i];
        if (is_text && byte == '\r' && i + 1 < content.size() && content[i + 1] == '\n') continue;
        hash = (hash ^ byte) * fnv_prime;
        if (++length < longest_piece && byte != '\n') continue;
        pieces_.push_back({hash, length});
        hash = fnv_basis;
        length = 0;
    }
    if (length > 0) pieces_.push_back({hash, length});
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.hash < b.hash; });
    std::size_t kept = 0;
    for (const Piece& piece : pieces_) {
        if (kept > 0 && pieces_[kept - 1].hash == piece.hash) {
            pieces_[kept - 1].bytes += piece.bytes;
        } else {
            pieces_[kept++] = piece;
        }
    }
    pieces_.resize(kept);
    pieces_.shrink_to_fit();
}

unsigned ContentSignature::similarity_percent(const ContentSignature& other) const noexcept {
    const std::size_t larger = std::max(size_, other.size_);
    if (larger == 0) return 0;
    std::size_t shared = 0;
    auto a = pieces_.begin();
    auto b = other.pieces_.begin();
    while (a != pieces_.end() && b != other.pieces_.end()) {
        if (a->hash == b->hash) {
            shared += std::min(a->bytes, b->bytes);
            ++a;
            ++b;
        } else if (a->hash < b->hash) {
            ++a;
        } else {
            ++b;
        }
    }
    return static_cast<unsigned>(std::min<std::size_t>(100, shared * 100 / larger));
}

}  // namespace uhost::git

#include "api/logs/gram_filter.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace uhost::logs {
namespace {

// The largest filter has so many bits; of a smaller one, a bit stands for several of the largest.
constexpr std::uint32_t max_bits = 1 << 20;
constexpr std::size_t min_bytes = 64;
// So many bits for each gram, at least: then a bit that nothing set is found in two of three places.
constexpr std::size_t bits_for_gram = 3;

constexpr std::array<std::uint8_t, 256> folded_bytes() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        table[byte] = static_cast<std::uint8_t>(byte);
        if (byte >= 'A' && byte <= 'Z') table[byte] = static_cast<std::uint8_t>(byte + 32);
        if (byte >= '0' && byte <= '9') table[byte] = '0';
    }
    return table;
}
constexpr auto folded = folded_bytes();

std::uint32_t mix(std::uint32_t gram) {
    gram *= 0x9E3779B1U;
    gram ^= gram >> 15U;
    return gram * 0x85EBCA77U >> 12U;  // 20 bits: below max_bits
}

// No four bytes of UTF-8 begin so.
std::uint32_t bit_of_three(std::uint32_t bytes) { return mix(0xFF000000U | (bytes & 0xFFFFFFU)); }
std::uint32_t bit_of_four(std::uint32_t bytes) { return mix(bytes); }

using Bitmap = std::array<std::uint64_t, max_bits / 64>;

void set(Bitmap& bits, std::uint32_t bit) { bits[bit / 64] |= std::uint64_t{1} << (bit % 64); }

void add_line(std::string_view line, Bitmap& bits) {
    std::uint32_t bytes = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        bytes = bytes << 8U | folded[static_cast<unsigned char>(line[i])];
        if (i >= 2) set(bits, bit_of_three(bytes));
        if (i >= 3) set(bits, bit_of_four(bytes));
    }
}

// Puts the upper half over the lower one, as long as there are enough bits.
std::size_t shrink(Bitmap& bits) {
    std::size_t count = 0;
    for (const auto word : bits) count += static_cast<std::size_t>(std::popcount(word));
    std::size_t words = bits.size();
    while (words * 8 > min_bytes && words * 32 >= count * bits_for_gram) {
        words /= 2;
        for (std::size_t i = 0; i < words; ++i) bits[i] |= bits[i + words];
    }
    return words;
}

}  // namespace

std::string make_filter(std::string_view text) {
    static thread_local Bitmap bits;
    bits.fill(0);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        add_line(text.substr(0, end), bits);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    const auto words = shrink(bits);
    return std::string(reinterpret_cast<const char*>(bits.data()), words * sizeof(std::uint64_t));
}

std::vector<std::uint32_t> grams_of(std::string_view text) {
    std::vector<std::uint32_t> grams;
    std::uint32_t bytes = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bytes = bytes << 8U | folded[static_cast<unsigned char>(text[i])];
        if (i >= 3) grams.push_back(bit_of_four(bytes));
    }
    if (text.size() == 3) grams.push_back(bit_of_three(bytes));
    return grams;
}

bool may_have(std::string_view filter, const std::vector<std::uint32_t>& grams) {
    if (filter.empty()) return true;
    const auto mask = static_cast<std::uint32_t>(filter.size() * 8 - 1);
    return std::ranges::all_of(grams, [&](std::uint32_t gram) {
        const auto bit = gram & mask;
        return (static_cast<unsigned char>(filter[bit / 8]) >> (bit % 8) & 1U) != 0;
    });
}

bool has_folding_letter(std::string_view text) {
    return text.find("\xE2\x84\xAA") != text.npos || text.find("\xC5\xBF") != text.npos;
}

}  // namespace uhost::logs

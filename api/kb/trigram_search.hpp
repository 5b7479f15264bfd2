#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "api/kb/required_literals.hpp"

namespace uhost::kb {

/// Says for each of some things whether it is found in a line of a text for the first time, when they are found from
/// the front to the back.
class LineOnce {
public:
    explicit LineOnce(std::size_t things) : next_(things) {}

    void begin(std::string_view text) {
        text_ = text;
        std::ranges::fill(next_, 0);
    }

    bool is_first(std::size_t thing, std::size_t offset) {
        if (offset < next_[thing]) return false;
        const void* newline = std::memchr(text_.data() + offset, '\n', text_.size() - offset);
        next_[thing] = newline == nullptr
                           ? text_.size() + 1
                           : static_cast<std::size_t>(static_cast<const char*>(newline) - text_.data()) + 1;
        return true;
    }

private:
    std::string_view text_;
    std::vector<std::size_t> next_;  // for each, where the lines begin in which it was not yet found
};

/// Finds many texts at once, in one pass: three bytes of each, the rarest, are kept in a table that is small enough for
/// the first-level cache, and where a table's entry is met the texts behind it are compared. For one thread at a time.
class TrigramSearch {
public:
    /// No text may be shorter than `shortest_literal`.
    explicit TrigramSearch(std::vector<Literal> literals);

    /// Calls `report(literal, offset)` for each literal that a line of the text has, once for each line.
    template <class Report>
    void find(std::string_view text, Report report) {
        once_.begin(text);
        std::uint32_t gram = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            gram = next_gram(gram, text[i]);
            const auto slot = slot_of(gram);
            if ((present_[slot / 64] >> (slot % 64) & 1U) == 0) continue;
            for (auto entry = begins_[slot]; entry < begins_[slot + 1]; ++entry) {
                const auto& [literal, end] = entries_[entry];
                if (is_at(literals_[literal], text, i + 1, end) && once_.is_first(literal, i)) report(literal, i);
            }
        }
    }

private:
    static constexpr std::size_t slots = 1 << 16;
    struct Entry {
        std::uint32_t literal;
        std::uint32_t end;  ///< how many bytes of the literal there are up to the end of its three
    };

    static std::uint32_t lower(char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte + (static_cast<unsigned>(byte - 'A') < 26U ? 32U : 0U);
    }
    static std::uint32_t next_gram(std::uint32_t gram, char c) { return (gram << 8U | lower(c)) & 0xFFFFFFU; }
    static std::uint32_t slot_of(std::uint32_t gram) { return gram * 0x9E3779B1U >> 16U; }
    static std::size_t rarest_end(std::string_view text);
    static bool is_at(const Literal& literal, std::string_view text, std::size_t at, std::size_t end);

    std::vector<Literal> literals_;
    std::array<std::uint64_t, slots / 64> present_{};
    std::vector<std::uint32_t> begins_;  // of each slot's entries
    std::vector<Entry> entries_;
    LineOnce once_;
};

}  // namespace uhost::kb

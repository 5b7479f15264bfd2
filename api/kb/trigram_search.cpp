#include "api/kb/trigram_search.hpp"

namespace uhost::kb {
namespace {

// How rare a byte is in logs, about: letters by their frequency in English, capitals and marks as rarer.
int rarity(char c) {
    constexpr std::string_view common = " etaoinsrhldcum0123456789./-:fpgwybvkxjqz";
    const auto place = common.find(c);
    return place == common.npos ? 60 : static_cast<int>(place);
}

}  // namespace

TrigramSearch::TrigramSearch(std::vector<Literal> literals)
    : literals_(std::move(literals)), begins_(slots + 1), once_(literals_.size()) {
    std::vector<std::pair<std::uint32_t, Entry>> all;
    for (std::uint32_t i = 0; i < literals_.size(); ++i) {
        const auto end = rarest_end(literals_[i].text);
        std::uint32_t gram = 0;
        for (auto at = end - shortest_literal; at < end; ++at) gram = next_gram(gram, literals_[i].text[at]);
        const auto slot = slot_of(gram);
        present_[slot / 64] |= std::uint64_t{1} << (slot % 64);
        all.push_back({slot, {i, static_cast<std::uint32_t>(end)}});
    }
    std::ranges::sort(all, {}, [](const auto& one) { return std::pair(one.first, one.second.literal); });
    for (const auto& [slot, entry] : all) {
        ++begins_[slot + 1];
        entries_.push_back(entry);
    }
    for (std::size_t slot = 0; slot < slots; ++slot) begins_[slot + 1] += begins_[slot];
}

std::size_t TrigramSearch::rarest_end(std::string_view text) {
    std::size_t best = shortest_literal;
    int most = -1;
    for (auto end = shortest_literal; end <= text.size(); ++end) {
        const int value = rarity(text[end - 1]) + rarity(text[end - 2]) + rarity(text[end - 3]);
        if (value > most) {
            most = value;
            best = end;
        }
    }
    return best;
}

// Whether the literal stands so that its first `end` bytes end at `at`.
bool TrigramSearch::is_at(const Literal& literal, std::string_view text, std::size_t at, std::size_t end) {
    if (at < end || at - end + literal.text.size() > text.size()) return false;
    const auto place = text.substr(at - end, literal.text.size());
    if (!literal.caseless) return place == literal.text;
    return std::ranges::equal(place, literal.text, {}, lower, lower);
}

}  // namespace uhost::kb

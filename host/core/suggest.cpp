#include "host/core/suggest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace uhost {
namespace {

// How many letters must change, be added, go or change places: the restricted Damerau-Levenshtein distance.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> before(right.size() + 1), above(right.size() + 1), row(right.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= left.size(); ++i) {
        before.swap(above);
        above.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t substituted = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, substituted});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    constexpr std::size_t max_word = 64;  // keeps a hostile key from costing quadratic time
    if (word.size() > max_word) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        const auto d = distance(word, candidate);
        if (d < best_distance && d < candidate.size()) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    if (const auto near = nearest(word, candidates); !near.empty()) {
        return "did you mean '" + std::string(near) + "'?";
    }
    std::string hint = "known are: ";
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (i > 0) hint += ", ";
        hint += candidates[i];
    }
    return hint;
}

}  // namespace uhost

#include "host/secrets/stream_masker.hpp"

#include <algorithm>

#include "host/secrets/vault.hpp"

namespace uhost {
namespace {

// Held back for no longer than needed: less says next to nothing of a secret, and prompts must be seen.
constexpr std::size_t max_shown_beginning = 7;
// "https://" may end a text, and begin an address that is secret.
constexpr std::size_t max_shown_end = 15;

}  // namespace

StreamMasker::StreamMasker(const Vault& vault, std::string_view before)
    : vault_(vault), tail_(before.substr(before.size() - vault.longest_beginning_at_end(before))), written_(tail_.size()) {}

std::string StreamMasker::pass(std::string_view text) {
    if (tail_.empty() && vault_.hides_nothing()) return std::string(text);
    const auto whole = tail_.empty() ? std::string(text) : tail_ + std::string(text);
    const auto spans = vault_.find_secrets(whole);
    const auto last_end = spans.empty() ? 0 : spans.back().end;
    const auto tail_begin = std::max(whole.size() - vault_.longest_beginning_at_end(whole), last_end);
    std::string result;
    auto at = written_;
    for (const auto& [begin, end] : spans) {
        if (begin > at) result += whole.substr(at, begin - at);
        result += "***";
        at = end;
    }
    if (tail_begin > at) result += whole.substr(at, tail_begin - at);
    tail_ = whole.substr(tail_begin);
    written_ = std::max(at, tail_begin) - tail_begin;
    if (tail_.size() <= max_shown_beginning && written_ < tail_.size()) {
        result += tail_.substr(written_);
        written_ = tail_.size();
    }
    return result;
}

std::string StreamMasker::finish() {
    const auto held = tail_.substr(written_);
    const bool shown = tail_.size() <= max_shown_end;
    tail_.clear();
    written_ = 0;
    return shown || held.empty() ? held : "***";
}

}  // namespace uhost

#include "api/logs/masking.hpp"

#include <algorithm>

namespace uhost::logs {
namespace {

// GitHub, GitLab, Slack, AWS, npm, Stripe, Google, JSON Web Tokens.
constexpr const char* token_shapes =
    R"((?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16})"
    R"(|npm_[A-Za-z0-9]{36}|[sr]k_live_[A-Za-z0-9]{16,}|AIza[\w-]{35}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}))";

re::Flags of_bytes() {
    re::Flags flags;
    flags.bytes = true;
    return flags;
}

std::string replaced(std::string_view text, const std::vector<re::Span>& spans) {
    std::string result;
    std::size_t at = 0;
    for (const auto& span : spans) {
        if (span.begin < at) continue;
        result += text.substr(at, span.begin - at);
        result += "***";
        for (const char c : span.of(text)) {
            if (c == '\n') result += "\n***";
        }
        at = span.end;
    }
    return result += text.substr(at);
}

}  // namespace

Masking::Masking(const Vault& vault) : vault_(vault), tokens_(token_shapes, of_bytes()) {}

std::vector<re::Span> Masking::tokens_in(std::string_view text) const {
    std::vector<re::Span> spans;
    LineFinder finder(tokens_);
    for (const auto& line : std::vector<re::Span>(finder.find(text))) {
        for (auto begin = line.begin; begin < line.end;) {
            const auto found = finder.match_in(text.substr(begin, line.end - begin));
            if (found.size() == 0) break;
            spans.push_back({begin + found.begin, begin + found.end});
            begin += found.end;
        }
    }
    return spans;
}

void Masking::mask(std::string& text) const {
    auto spans = tokens_in(text);
    for (const auto& secret : vault_.find_secrets(text)) spans.push_back({secret.begin, secret.end});
    if (spans.empty()) return;
    std::ranges::sort(spans, {}, &re::Span::begin);
    std::vector<re::Span> joined;
    for (const auto& span : spans) {
        if (!joined.empty() && span.begin < joined.back().end) {
            joined.back().end = std::max(joined.back().end, span.end);
        } else {
            joined.push_back(span);
        }
    }
    text = replaced(text, joined);
}

std::string Masking::mask_text(std::string_view text) const {
    std::string lines(text);
    lines += '\n';
    mask(lines);
    lines.pop_back();
    return lines;
}

}  // namespace uhost::logs

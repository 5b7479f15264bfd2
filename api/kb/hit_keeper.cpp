#include "api/kb/hit_keeper.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "host/core/utf8.hpp"

namespace uhost::kb {
namespace {

constexpr std::size_t max_kept_bytes = 12 << 20;
constexpr std::size_t min_kept = 32;
constexpr std::size_t overhead = 32;  // of an allocation, about
constexpr std::size_t short_line = 400, short_capture = 200;
constexpr std::string_view mark = " …[cut]";

std::size_t bytes_of(const Hit& hit) {
    std::size_t bytes = sizeof(Hit) + hit.line.size() + hit.last_text.size() + 2 * overhead;
    for (const auto& capture : hit.captures) bytes += sizeof(Capture) + capture.text.size() + overhead;
    return bytes;
}

void cut(std::string& text, std::size_t most) {
    if (text.size() <= most) return;
    text.resize(utf8::truncate(text, most).size());
    text += mark;
    text.shrink_to_fit();
}

void cut(Hit& hit) {
    cut(hit.line, short_line);
    cut(hit.last_text, short_line);
    for (auto& capture : hit.captures) cut(capture.text, short_capture);
}

}  // namespace

void HitKeeper::add(Hit hit) {
    auto& kept = kept_[hit.pattern];
    if (bytes_ > max_kept_bytes && max_kept_ > min_kept) keep_fewer();
    const auto limit = limit_of(hit.pattern);
    ++kept.count;
    if (limit == 0) return;
    if (bytes_ > max_kept_bytes) cut(hit);
    bytes_ += bytes_of(hit);
    if (kept.first.size() < limit) {
        kept.first.push_back(std::move(hit));
        return;
    }
    kept.last.push_back(std::move(hit));
    if (kept.last.size() <= limit) return;
    bytes_ -= bytes_of(kept.last.front());
    kept.last.pop_front();
}

std::size_t HitKeeper::limit_of(std::uint32_t pattern) const {
    return std::min(patterns_.patterns()[pattern].keep, max_kept_);
}

bool HitKeeper::skip(std::uint32_t pattern, std::size_t following) {
    auto& kept = kept_[pattern];
    const auto limit = limit_of(pattern);
    if (kept.first.size() < limit || following < limit) return false;
    ++kept.count;
    return true;
}

// Halves what patterns may keep until it fits, so that those lose hits first that have most.
void HitKeeper::keep_fewer() {
    while (bytes_ > max_kept_bytes && max_kept_ > min_kept) {
        max_kept_ /= 2;
        for (auto& [first, last, count] : kept_) {
            for (; first.size() > max_kept_; first.pop_back()) bytes_ -= bytes_of(first.back());
            for (; last.size() > max_kept_; last.pop_front()) bytes_ -= bytes_of(last.front());
        }
    }
}

void HitKeeper::finish(ScanResult& result) {
    for (auto& kept : kept_) {
        result.counts.push_back(kept.count);
        std::ranges::move(kept.first, std::back_inserter(result.hits));
        std::ranges::move(kept.last, std::back_inserter(result.hits));
    }
    kept_.clear();
    const auto place = [](const Hit& hit) { return std::tuple(hit.line_number, hit.pattern, hit.last_line); };
    std::ranges::sort(result.hits, {}, place);
}

}  // namespace uhost::kb

#include "api/git/history/line_table.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace uhost::git {
namespace {

constexpr std::size_t block_bytes = 64 << 10;
constexpr int max_indent = 200;

bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

int indent_of(std::string_view line) noexcept {
    int indent = 0;
    for (const char c : line) {
        if (!is_blank(c)) return indent;
        if (c == ' ') indent += 1;
        if (c == '\t') indent += 8 - indent % 8;
        if (indent >= max_indent) return max_indent;
    }
    return -1;
}

}  // namespace

std::vector<Line> LineTable::lines_of(std::string_view text) {
    std::vector<Line> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(number_of(text.substr(0, size)));
        text.remove_prefix(size);
    }
    return lines;
}

Line LineTable::number_of(std::string_view line) {
    if (entries_.size() * 2 >= slots_.size()) grow();
    const auto hash = std::hash<std::string_view>()(line);
    const auto mask = slots_.size() - 1;
    auto slot = hash & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        const auto& entry = entries_[slots_[slot] - 1];
        if (entry.hash == hash && entry.text == line) return slots_[slot] - 1;
    }
    return add(hash, line, slot);
}

Line LineTable::add(std::size_t hash, std::string_view line, std::size_t slot) {
    const auto number = static_cast<Line>(entries_.size());
    entries_.push_back({hash, keep(line), indent_of(line)});
    slots_[slot] = number + 1;
    return number;
}

std::string_view LineTable::keep(std::string_view line) {
    if (line.size() > room_) {
        const auto size = std::max(block_bytes, line.size());
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        room_ = size;
        bytes_ += size;
    }
    const auto used = (line.size() > block_bytes ? line.size() : block_bytes) - room_;
    char* at = blocks_.back().get() + used;
    std::memcpy(at, line.data(), line.size());
    room_ -= line.size();
    return {at, line.size()};
}

void LineTable::grow() {
    slots_.assign(std::max<std::size_t>(1024, slots_.size() * 2), 0);
    const auto mask = slots_.size() - 1;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        auto slot = entries_[i].hash & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
        slots_[slot] = static_cast<Line>(i + 1);
    }
}

void LineTable::clear() {
    entries_.clear();
    std::ranges::fill(slots_, 0);
    blocks_.clear();
    room_ = bytes_ = 0;
}

}  // namespace uhost::git

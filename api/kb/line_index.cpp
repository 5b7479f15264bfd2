#include "api/kb/line_index.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "host/core/error.hpp"

namespace uhost::kb {

void LineIndex::add(std::uint64_t offset) {
    if (lines_++ % step_ != 0) return;
    offsets_.push_back(offset);
    if (offsets_.size() < most_places) return;
    for (std::size_t i = 0; i < most_places / 2; ++i) offsets_[i] = offsets_[2 * i];
    offsets_.resize(most_places / 2);
    step_ *= 2;
}

LineIndex::Place LineIndex::before(std::uint64_t line) const {
    if (offsets_.empty()) return {0, 0};
    const auto slot = std::min<std::uint64_t>(line / step_, offsets_.size() - 1);
    return {slot * step_, offsets_[slot]};
}

LineIndex index_lines(const SourceFile& file, const std::stop_token& stop) {
    LineIndex index;
    std::string block(1 << 20, '\0');
    bool at_line_start = true;
    std::uint64_t offset = 0;
    while (const auto count = file.read_at(block.data(), block.size(), offset)) {
        if (stop.stop_requested()) throw Error("cancelled", fmt::format("reading {} was cancelled", file.name()));
        for (std::size_t at = 0; at < count;) {
            if (at_line_start) index.add(offset + at);
            const auto* newline = static_cast<const char*>(std::memchr(block.data() + at, file.line_end(), count - at));
            at_line_start = newline != nullptr;
            at = at_line_start ? static_cast<std::size_t>(newline - block.data()) + 1 : count;
        }
        offset += count;
    }
    return index;
}

}  // namespace uhost::kb

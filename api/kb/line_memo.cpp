#include "api/kb/line_memo.hpp"

#include <functional>

namespace uhost::kb {

void LineResult::clear() {
    matches.clear();
    spans.clear();
    limited.clear();
}

LineResult* LineMemo::find(std::string_view line, bool& is_known) {
    is_known = false;
    if (line.size() > max_line_bytes) return nullptr;
    auto& entry = entries_[std::hash<std::string_view>()(line) % size];
    const bool is_lasting = entry.block == block_ || entry.result.limited.empty();
    if (entry.block > 0 && entry.line == line && is_lasting) {
        is_known = true;
    } else if (entry.block == block_) {
        return nullptr;
    } else {
        entry.line = line;
        entry.result.clear();
    }
    entry.block = block_;
    return &entry.result;
}

}  // namespace uhost::kb

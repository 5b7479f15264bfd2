#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace uhost::kb {

/// Tells for each of some things whether it is found in a line of a text for the first time, when they are found from
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

}  // namespace uhost::kb

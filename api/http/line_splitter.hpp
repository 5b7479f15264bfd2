#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace uhost::http {

/// Splits bytes that come in pieces into lines, without their ends ("\n" or "\r\n"). A line of more than max_line_bytes
/// comes in pieces, so that memory stays bounded. One thread at a time.
class LineSplitter {
public:
    static constexpr std::size_t max_line_bytes = 1024 * 1024;

    /// Calls `take(line)` for each line that ends in `bytes`. The view is valid during the call.
    template <class Take>
    void feed(std::string_view bytes, const Take& take) {
        for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            give(bytes.substr(0, end), take);
            bytes.remove_prefix(end + 1);
        }
        rest_.append(bytes);
        if (rest_.size() <= max_line_bytes) return;
        take(std::string_view(rest_));
        rest_.clear();
    }

    /// Calls `take(line)` for a last line that has no end.
    template <class Take>
    void finish(const Take& take) {
        if (!rest_.empty()) take(std::string_view(rest_));
        rest_.clear();
    }

    /// How many bytes were fed that no line was given of yet.
    std::size_t pending_bytes() const { return rest_.size(); }

private:
    template <class Take>
    void give(std::string_view end_of_line, const Take& take) {
        auto line = end_of_line;
        if (!rest_.empty()) line = rest_.append(end_of_line);
        if (line.ends_with('\r')) line.remove_suffix(1);
        take(line);
        rest_.clear();
    }

    std::string rest_;  // of a line whose end has not come
};

}  // namespace uhost::http

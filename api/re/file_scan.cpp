#include "api/re/file_scan.hpp"

#include <algorithm>
#include <exception>
#include <future>
#include <thread>

namespace uhost::re {
namespace {

constexpr std::size_t batch_lines = 256, batch_bytes = 1 << 20;
constexpr std::uint64_t least_for_a_thread = 4 << 20;
constexpr unsigned max_threads = 8;

std::uint64_t count_in(LineReader& reader, const std::shared_ptr<const Regex>& regex, const std::stop_token& stop) {
    LineSearch search(regex);
    std::uint64_t count = 0;
    while (const auto text = reader.next()) {
        if (stop.stop_requested()) break;
        search.begin(*text);
        while (search.next()) ++count;
    }
    return count;
}

}  // namespace

FileScan::FileScan(const FilePlace& file, std::shared_ptr<const Regex> regex, std::uint64_t limit)
    : reader_(file), search_(std::move(regex)), left_(limit) {}

bool FileScan::next_text() {
    if (in_text_)
        line_number_ += 1 + static_cast<std::uint64_t>(
                                std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_), text_.end(), '\n'));
    const auto text = reader_.next();
    in_text_ = text.has_value();
    if (!in_text_) return false;
    text_ = *text;
    counted_ = 0;
    search_.begin(text_);
    return true;
}

LineMatch FileScan::take() {
    const auto from = text_.begin() + static_cast<std::ptrdiff_t>(counted_);
    counted_ = search_.line_offset();
    line_number_ +=
        static_cast<std::uint64_t>(std::count(from, text_.begin() + static_cast<std::ptrdiff_t>(counted_), '\n'));
    return {line_number_, std::string(search_.line()), search_.groups()};
}

std::vector<LineMatch> FileScan::next(std::stop_token stop) {
    std::vector<LineMatch> batch;
    std::size_t bytes = 0;
    while (left_ > 0 && batch.size() < batch_lines && bytes < batch_bytes) {
        if (in_text_ && search_.next()) {
            batch.push_back(take());
            bytes += batch.back().line.size();
            --left_;
        } else if (stop.stop_requested() || !next_text()) {
            break;
        }
    }
    return batch;
}

std::uint64_t count_lines(const FilePlace& file, const std::shared_ptr<const Regex>& regex,
                          std::stop_token stop) {
    LineReader reader(file);
    const auto threads = std::clamp(std::thread::hardware_concurrency(), 1U, max_threads);
    const auto ranges = reader.split(threads, least_for_a_thread);
    if (ranges.size() <= 1) return count_in(reader, regex, stop);
    std::vector<std::future<std::uint64_t>> counts;
    for (const auto range : ranges) {
        counts.push_back(std::async(std::launch::async, [&, range] {
            LineReader part(file, range);
            return count_in(part, regex, stop);
        }));
    }
    std::uint64_t total = 0;
    for (auto& count : counts) total += count.get();
    return total;
}

}  // namespace uhost::re

#include "api/log_text/log.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "api/log_text/line_prefix.hpp"
#include "api/log_text/raw_lines.hpp"
#include "host/core/error.hpp"

namespace uhost::log_text {

namespace {

constexpr std::size_t small_buffer = 2 * RawReader::kept_of_long_line;
constexpr std::uint64_t max_from_windows = 500;

// A reader that stands at a line, counted from 1.
RawReader reader_at(const SourceFile& file, const LineIndex& index, std::uint64_t number) {
    const auto place = index.before(number - 1);
    RawReader reader(file, place.offset, small_buffer);
    for (auto line = place.line; line + 1 < number; ++line) reader.next();
    return reader;
}

}  // namespace

std::shared_ptr<const LineIndex> Log::index() const {
    const std::scoped_lock lock(mutex_);
    return index_;
}

std::optional<std::uint64_t> Log::lines() const {
    const auto known = index();
    if (!known) return std::nullopt;
    return known->lines();
}

void Log::set_index(LineIndex index) {
    auto shared = std::make_shared<const LineIndex>(std::move(index));
    const std::scoped_lock lock(mutex_);
    if (!index_) index_ = std::move(shared);
}

void Log::make_index(const std::stop_token& stop) {
    if (!has_index()) set_index(index_lines(*file_, stop));
}

std::uint64_t Log::offset_of(std::uint64_t number) const {
    const auto known = index();
    return reader_at(*file_, *known, number).offset();
}

const Log::Window& Log::window_of(std::uint64_t number) {
    const auto first = (number - 1) / window_lines * window_lines + 1;
    const auto known = std::ranges::find(windows_, first, &Window::first);
    if (known != windows_.end()) {
        windows_.splice(windows_.begin(), windows_, known);
        return windows_.front();
    }
    windows_.push_front(read_window(first));
    window_bytes_ += windows_.front().bytes;
    while (windows_.size() > 1 && (windows_.size() > max_windows || window_bytes_ > max_window_bytes)) {
        window_bytes_ -= windows_.back().bytes;
        windows_.pop_back();
    }
    return windows_.front();
}

// Takes the position, as reading may fail.
RawReader Log::reader_of(std::uint64_t first) {
    const bool is_there = position_ && position_->next_line == first;
    auto reader = is_there ? std::move(position_->reader) : reader_at(*file_, *index(), first);
    position_.reset();
    return reader;
}

// Many lines, which are seldom asked for again: past the windows.
std::vector<std::string> Log::read_texts(std::uint64_t first, std::uint64_t count) {
    auto reader = reader_of(first);
    std::vector<std::string> texts;
    texts.reserve(count);
    LineCleaner cleaner;
    while (texts.size() < count) {
        const auto raw = reader.next();
        if (!raw) break;
        texts.push_back(cleaner.clean(*raw));
    }
    position_.emplace(std::move(reader), first + texts.size());
    return texts;
}

Log::Window Log::read_window(std::uint64_t first) {
    auto reader = reader_of(first);
    Window window{first, {}};
    LineCleaner cleaner;
    while (window.lines.size() < window_lines) {
        const auto raw = reader.next();
        if (!raw) break;
        const auto prefix = line_prefix(raw->head);
        window.lines.push_back({cleaner.clean(*raw), std::string(prefix.job), std::string(prefix.step), prefix.time});
        window.bytes += sizeof(Line) + window.lines.back().text.size();
    }
    position_.emplace(std::move(reader), first + window.lines.size());
    return window;
}

std::optional<Log::Line> Log::line(std::uint64_t number) {
    if (number < 1 || number > lines().value_or(0)) return std::nullopt;
    const std::scoped_lock lock(window_mutex_);
    const auto& window = window_of(number);
    const auto position = number - window.first;
    if (position >= window.lines.size()) return std::nullopt;
    return window.lines[position];
}

std::vector<std::string> Log::texts(std::uint64_t first, std::uint64_t last) {
    last = std::min(last, lines().value_or(0));
    first = std::max<std::uint64_t>(first, 1);
    std::vector<std::string> texts;
    const std::scoped_lock lock(window_mutex_);
    if (first <= last && last - first >= max_from_windows) return read_texts(first, last - first + 1);
    for (auto number = first; number <= last; ++number) {
        const auto& window = window_of(number);
        const auto position = number - window.first;
        if (position >= window.lines.size()) break;
        texts.push_back(window.lines[position].text);
    }
    return texts;
}

std::optional<std::string> Log::raw(std::uint64_t number) {
    const auto known = index();
    if (number < 1 || !known || number > known->lines()) return std::nullopt;
    const std::scoped_lock lock(window_mutex_);
    const auto place = known->before(number - 1);
    if (!raw_reader_) raw_reader_.emplace(*file_, place.offset);
    raw_reader_->seek(place.offset);
    for (auto line = place.line; line + 1 < number; ++line) raw_reader_->next();
    const auto raw = raw_reader_->next();
    if (!raw) return std::nullopt;
    if (raw->left_out == 0) return std::string(raw->head);
    return fmt::format("{} …[{} bytes cut]… {}", raw->head, raw->left_out, raw->tail);
}

}  // namespace uhost::log_text

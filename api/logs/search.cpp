#include "api/logs/search.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <numeric>
#include <thread>

#include "host/core/error.hpp"

namespace uhost::logs {
namespace {

std::uint64_t count_newlines(const char* begin, const char* end) {
    // In bytes, which compilers turn into wide instructions; no more than fit.
    constexpr std::ptrdiff_t most = 255;
    std::uint64_t count = 0;
    while (begin < end) {
        const auto* stop = begin + std::min(end - begin, most);
        std::uint8_t some = 0;
        for (; begin < stop; ++begin) some = static_cast<std::uint8_t>(some + (*begin == '\n' ? 1 : 0));
        count += some;
    }
    return count;
}

/// A segment, and the extents that lie in it, by their first lines.
struct Part {
    Segment segment;
    std::vector<std::uint32_t> extents;
};

/// A block to look at, and the position of the first of its part's extents that ends behind its first line.
struct Task {
    std::uint32_t part, block, extent;
};

/// What a block gave.
struct Found {
    std::vector<Hit> hits;
    std::vector<std::pair<std::uint32_t, std::uint64_t>> counts;  // by extent
    std::optional<Damage> damage;
    std::size_t bytes = 0;
    bool is_done = false, is_read = false;
};

class Search {
public:
    Search(const LinePattern& pattern, const std::vector<Extent>& extents, const SearchOptions& options,
           std::stop_token stop)
        : pattern_(pattern), extents_(extents), options_(options), stop_(std::move(stop)) {}

    SearchResult run(const std::filesystem::path& folder) {
        Dictionaries dictionaries(folder);
        plan(folder);
        const auto threads =
            std::min<std::size_t>(std::clamp(std::thread::hardware_concurrency(), 1U, 8U), tasks_.size());
        std::vector<std::future<void>> workers;
        for (std::size_t i = 0; i < threads; ++i) {
            workers.push_back(std::async(std::launch::async, [&] { work_or_end_all(dictionaries); }));
        }
        for (auto& worker : workers) worker.wait();
        for (auto& worker : workers) worker.get();
        if (stop_.stop_requested()) throw Error("cancelled", "the search was cancelled");
        return collect();
    }

private:
    void plan(const std::filesystem::path& folder) {
        std::vector<std::uint32_t> order(extents_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, {},
                          [&](std::uint32_t i) { return std::pair(extents_[i].segment, extents_[i].first_line); });
        for (std::size_t i = 0; i < order.size();) {
            const auto id = extents_[order[i]].segment;
            auto end = i;
            while (end < order.size() && extents_[order[end]].segment == id) ++end;
            auto segment = Segment::open(folder, id);
            if (segment) {
                parts_.push_back({std::move(*segment),
                                  {order.begin() + static_cast<std::ptrdiff_t>(i),
                                   order.begin() + static_cast<std::ptrdiff_t>(end)}});
                plan_part(static_cast<std::uint32_t>(parts_.size() - 1));
            } else {
                result_.missing_segments.push_back(id);
            }
            i = end;
        }
        found_.resize(tasks_.size());
    }

    void plan_part(std::uint32_t number) {
        const auto& part = parts_[number];
        std::uint32_t extent = 0;
        for (std::uint32_t block = 0; block < part.segment.blocks().size(); ++block) {
            const auto& [head, offset, filter] = part.segment.blocks()[block];
            while (extent < part.extents.size() && extents_[part.extents[extent]].end_line() <= head.first_line)
                ++extent;
            if (extent == part.extents.size()) return;
            if (extents_[part.extents[extent]].first_line >= head.end_line()) continue;
            ++result_.blocks;
            if (pattern_.may_match(filter, head.folds != 0)) tasks_.push_back({number, block, extent});
        }
    }

    void work_or_end_all(Dictionaries& dictionaries) {
        try {
            work(dictionaries);
        } catch (const std::exception&) {
            is_full_ = true;
            throw;
        }
    }

    void work(Dictionaries& dictionaries) {
        LineFinder finder(pattern_);
        Unpacker unpacker(dictionaries);
        std::vector<std::uint32_t> match_of;
        while (!is_full_ && !stop_.stop_requested()) {
            const auto number = next_++;
            if (number >= tasks_.size()) return;
            Found found;
            found.is_read = true;
            const auto& part = parts_[tasks_[number].part];
            const auto& block = part.segment.blocks()[tasks_[number].block];
            try {
                look_at(part.segment, block, finder, unpacker, match_of, tasks_[number], found);
            } catch (const Error& error) {
                if (error.kind() != "logs.damaged") throw;
                found.damage = Damage{tasks_[number].block, block.head.first_line, block.head.lines, error.message()};
            }
            settle(number, std::move(found));
        }
    }

    // Searches the distinct lines, and then finds where those that match come.
    void look_at(const Segment& segment, const Segment::Block& block, LineFinder& finder, Unpacker& unpacker,
                 std::vector<std::uint32_t>& match_of, const Task& task, Found& found) {
        const auto packed = segment.packed(block);
        const auto text = unpacker.distinct_text(block.head, packed);
        const auto& spans = finder.find(text);
        if (spans.empty()) return;
        // By distinct line: 0 for none, else which span it has, from 1.
        match_of.assign(block.head.distinct_lines, 0);
        std::size_t counted = 0, place = 0;
        for (std::uint32_t i = 0; i < spans.size(); ++i) {
            place += count_newlines(text.data() + counted, text.data() + spans[i].begin);
            counted = spans[i].begin;
            if (place < match_of.size()) match_of[place] = i + 1;
        }
        auto line = block.head.first_line;
        auto extent = task.extent;
        for (const auto number : unpacker.order(block.head, packed)) {
            const auto match = match_of[number];
            if (match != 0 && !add_hit(line, spans[match - 1].of(text), task.part, extent, found)) return;
            ++line;
        }
    }

    // Lines come in order, and so do the extents of a part, of which `extent` is the one to begin with. False when no
    // later line is in one.
    bool add_hit(std::uint64_t line, std::string_view text, std::uint32_t part, std::uint32_t& extent, Found& found) {
        const auto& in_part = parts_[part].extents;
        while (extent < in_part.size() && extents_[in_part[extent]].end_line() <= line) ++extent;
        if (extent == in_part.size()) return false;
        const auto number = in_part[extent];
        if (line < extents_[number].first_line) return true;
        if (found.counts.empty() || found.counts.back().first != number) found.counts.emplace_back(number, 0);
        ++found.counts.back().second;
        if (keeps_enough_ || found.hits.size() >= options_.max_hits || found.bytes > options_.max_hit_bytes)
            return true;
        found.hits.push_back({number, line - extents_[number].first_line + 1, std::string(text)});
        found.bytes += text.size();
        return true;
    }

    // Blocks are looked at out of order. When the first ones, without a gap, have given enough, no more is kept.
    void settle(std::size_t number, Found found) {
        const std::lock_guard lock(mutex_);
        found_[number] = std::move(found);
        found_[number].is_done = true;
        while (settled_ < found_.size() && found_[settled_].is_done) {
            hits_ += found_[settled_].hits.size();
            bytes_ += found_[settled_].bytes;
            ++settled_;
        }
        if (hits_ < options_.max_hits && bytes_ < options_.max_hit_bytes) return;
        keeps_enough_ = true;
        if (!options_.counts_all && settled_ < found_.size()) is_full_ = true;
    }

    SearchResult collect() {
        result_.counts.resize(extents_.size());
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < found_.size(); ++i) {
            auto& found = found_[i];
            if (found.is_read) ++result_.read_blocks;
            if (found.damage) result_.damages.push_back(std::move(*found.damage));
            for (const auto& [extent, count] : found.counts) result_.counts[extent] += count;
            for (auto& hit : found.hits) {
                if (result_.hits.size() >= options_.max_hits || bytes > options_.max_hit_bytes) break;
                bytes += hit.text.size();
                result_.hits.push_back(std::move(hit));
            }
        }
        const auto counted = std::accumulate(result_.counts.begin(), result_.counts.end(), std::uint64_t{0});
        result_.is_complete = !is_full_ && counted == result_.hits.size();
        return std::move(result_);
    }

    const LinePattern& pattern_;
    const std::vector<Extent>& extents_;
    const SearchOptions& options_;
    std::stop_token stop_;
    std::vector<Part> parts_;
    std::vector<Task> tasks_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> is_full_ = false, keeps_enough_ = false;
    std::mutex mutex_;
    std::vector<Found> found_;  // one for each task
    std::size_t settled_ = 0, hits_ = 0, bytes_ = 0;
    SearchResult result_;
};

}  // namespace

SearchResult search(const std::filesystem::path& folder, const LinePattern& pattern, const std::vector<Extent>& extents,
                    const SearchOptions& options, const std::stop_token& stop) {
    return Search(pattern, extents, options, stop).run(folder);
}

}  // namespace uhost::logs

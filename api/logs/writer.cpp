#include "api/logs/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "api/log_text/line_prefix.hpp"
#include "api/logs/masking.hpp"
#include "host/core/error.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace uhost::logs {
namespace {

// A dictionary is learned from so much text, a part of each block.
constexpr std::size_t enough_to_learn = 4 << 20, learned_of_block = 1 << 20;

class Digest {
public:
    Digest() { XXH3_128bits_reset(&state_); }
    void add(std::string_view text) { XXH3_128bits_update(&state_, text.data(), text.size()); }
    std::string hex() const {
        const auto hash = XXH3_128bits_digest(&state_);
        return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
    }

private:
    XXH3_state_t state_{};
};

Lines::Time milliseconds(std::optional<double> seconds) {
    if (!seconds) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(*seconds * 1000));
}

std::string_view without_brackets(std::string_view line) {
    constexpr std::string_view group = "##[group]";
    return line.starts_with(group) ? line.substr(group.size()) : line;
}

// The name of the step that a line begins, as the runner of GitHub writes it; empty for another line.
std::string_view begun_step(std::string_view line) {
    if (line.starts_with("##[group]Run ")) return without_brackets(line);
    if (line == "Post job cleanup.") return "Post job cleanup";
    if (line == "Cleaning up orphan processes") return "Complete job";
    return {};
}

/// Finds where jobs and steps begin.
class MarkFinder {
public:
    explicit MarkFinder(const Masking& masking) : masking_(masking) {}

    void look_at(const log_text::LinePrefix& prefix, std::string_view line, Added& added) {
        if (added.marks.size() >= Added::max_marks) return;
        if (!prefix.job.empty() && (prefix.job != job_ || prefix.step != step_)) {
            job_ = prefix.job;
            step_ = prefix.step;
            added.marks.push_back({added.lines, named(job_), named(step_)});
        } else if (prefix.job.empty()) {
            const auto name = begun_step(line);
            if (!name.empty()) added.marks.push_back({added.lines, {}, named(name)});
        }
    }

private:
    static constexpr std::size_t max_name = 200;

    // A step has the name of its command, which may hold a secret as any line may.
    std::string named(std::string_view name) const {
        return name.empty() ? std::string() : masking_.mask_text(name).substr(0, max_name);
    }

    const Masking& masking_;
    std::string job_, step_;
};

std::size_t packing_threads() { return std::clamp(std::thread::hardware_concurrency(), 1U, 8U); }

}  // namespace

Writer::Writer(std::filesystem::path folder, const Vault& vault, bool discards)
    : folder_(std::move(folder)), masking_(vault), discards_(discards), dictionaries_(folder_) {}

void Writer::begin_log(Added& added) {
    if (!discards_ && segment_ && segment_->is_full()) {
        commit();
        segment_.reset();
    }
    if (!discards_ && !segment_) {
        segment_.emplace(SegmentWriter::open(folder_));
        first_line_ = segment_->end_line();
        choose_dictionary();
    }
    added.segment = discards_ ? 0 : segment_->id();
    added.first_line = first_line_ + lines_.count();
}

Added Writer::add(const log_text::Log& log, const std::stop_token& stop) {
    Added added{};
    begin_log(added);
    log_text::RawReader reader(log.file(), 0);
    log_text::LineCleaner cleaner;
    MarkFinder marks(masking_);
    Digest digest;
    while (auto raw = reader.next(stop)) {
        if (reader.offset() > max_log_bytes) {
            added.is_cut = true;
            break;
        }
        // A long line loses its middle when it is cleaned: half a secret would be left.
        std::string head, tail;
        if (raw->head.size() > log_text::LineCleaner::longest || raw->left_out > 0) {
            head = masking_.mask_text(raw->head);
            tail = masking_.mask_text(raw->tail);
            raw = log_text::RawLine{head, tail, raw->left_out};
        }
        const auto prefix = log_text::line_prefix(raw->head);
        const auto begin = lines_.text().size();
        cleaner.append(*raw, lines_.text());
        const auto line = std::string_view(lines_.text()).substr(begin);
        ++added.lines;
        added.text_bytes += line.size() + 1;
        marks.look_at(prefix, line, added);
        digest.add(line);
        digest.add("\n");
        const auto time = milliseconds(prefix.time);
        if (time && !added.first_time) added.first_time = time;
        if (time) added.last_time = time;
        lines_.end_line(time);
        if (lines_.text().size() >= usual_block_bytes) flush_block(stop);
    }
    if (stop.stop_requested()) throw Error("cancelled", "adding a log was cancelled");
    added.bytes = added.is_cut ? max_log_bytes : log.file().bytes();
    added.digest = digest.hex();
    return added;
}

Added Writer::copy(const Segment& segment, std::uint64_t first_line, std::uint64_t lines, const std::stop_token& stop) {
    Added added{};
    begin_log(added);
    Unpacker unpacker(dictionaries_);
    const auto end_line = first_line + lines;
    while (first_line < end_line) {
        const auto position = segment.block_of(first_line);
        if (position == segment.blocks().size()) throw Error("logs.damaged", "lines of a log are missing");
        const auto& block = segment.blocks()[position];
        const auto times = unpacker.times(block.head, segment.packed(block));
        const auto& texts = unpacker.lines(block.head, segment.packed(block));
        for (auto number = first_line; number < std::min(end_line, block.head.end_line()); ++number) {
            lines_.text() += texts[number - block.head.first_line];
            lines_.end_line(times[number - block.head.first_line]);
            ++added.lines;
        }
        first_line = block.head.end_line();
        if (lines_.text().size() >= usual_block_bytes) flush_block(stop);
    }
    return added;
}

// Packing -------------------------------------------------------------------------------------------------------------

void Writer::flush_block(const std::stop_token& stop) {
    if (stop.stop_requested()) throw Error("cancelled", "adding a log was cancelled");
    if (lines_.count() == 0) return;
    const auto count = lines_.count();
    auto job = [lines = std::move(lines_), first_line = first_line_, dictionary = dictionary_, this]() mutable {
        masking_.mask(lines.text());
        Packed packed{pack(lines, first_line, dictionary.get()), {}};
        if (!dictionary) packed.sample = lines.text().substr(0, learned_of_block);
        return packed;
    };
    packing_.push_back(std::async(std::launch::async, std::move(job)));
    lines_ = Lines();
    first_line_ += count;
    write_packed(packing_threads());
}

void Writer::write_packed(std::size_t most_waiting) {
    while (packing_.size() > most_waiting) {
        auto packed = packing_.front().get();
        packing_.pop_front();
        if (discards_) continue;
        segment_->append(packed.block);
        if (!dictionary_) learn(std::move(packed.sample));
    }
}

void Writer::take_dictionary() {
    dictionary_ = learning_.get();
    if (dictionary_) dictionaries_.add(dictionary_);
}

void Writer::learn(std::string sample) {
    if (learning_.valid()) {
        if (learning_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) take_dictionary();
        return;
    }
    if (sample.empty() || has_learned_) return;
    sample_bytes_ += sample.size();
    samples_.push_back(std::move(sample));
    if (sample_bytes_ < enough_to_learn) return;
    has_learned_ = true;
    learning_ =
        std::async(std::launch::async, [samples = std::exchange(samples_, {})] { return Dictionary::train(samples); });
}

void Writer::choose_dictionary() {
    if (lock_) return;
    lock_.emplace(DictionaryLock::shared(folder_));
    dictionary_ = dictionaries_.newest();
    if (!dictionary_) learn_from_segments();
}

// Logs that come one by one, each a small block, are enough together.
void Writer::learn_from_segments() {
    Unpacker unpacker(dictionaries_);
    for (const auto id : segment_ids(folder_)) {
        const auto segment = Segment::open(folder_, id);
        for (std::size_t i = 0; segment && i < segment->blocks().size() && !has_learned_; ++i) {
            const auto& block = segment->blocks()[i];
            try {
                learn(std::string(
                    unpacker.distinct_text(block.head, segment->packed(block)).substr(0, learned_of_block)));
            } catch (const Error& error) {
                if (error.kind() != "logs.damaged") throw;
            }
        }
    }
}

void Writer::commit() {
    flush_block({});
    write_packed(0);
    if (learning_.valid()) take_dictionary();
    if (segment_) segment_->commit();
}

}  // namespace uhost::logs

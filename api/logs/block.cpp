#include "api/logs/block.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <unordered_map>

#include "api/kb/hash.hpp"
#include "api/logs/gram_filter.hpp"
#include "host/core/error.hpp"

namespace uhost::logs {
namespace {

constexpr std::uint32_t block_magic = 0x42474855;  // "UHGB"

// Numbers in groups of seven bits, the lowest first; the last group has no high bit.
void append_number(std::uint64_t number, std::string& text) {
    for (; number >= 0x80; number >>= 7U) text += static_cast<char>(0x80U | (number & 0x7FU));
    text += static_cast<char>(number);
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !text.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(text.front());
        text.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80) return number;
    }
    return std::nullopt;
}

std::uint64_t head_hash_of(const BlockHead& head) {
    return kb::hash_of({reinterpret_cast<const char*>(&head), offsetof(BlockHead, head_hash)});
}

struct ReleasePacking {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

// Appends `text`, packed; returns how many bytes that took.
std::uint32_t append_packed(std::string_view text, const Dictionary* dictionary, std::string& bytes) {
    thread_local const std::unique_ptr<ZSTD_CCtx, ReleasePacking> context(ZSTD_createCCtx());
    if (!context) throw std::bad_alloc();
    const auto begin = bytes.size();
    bytes.resize(begin + ZSTD_compressBound(text.size()));
    const auto room = bytes.size() - begin;
    const auto size =
        dictionary != nullptr
            ? ZSTD_compress_usingCDict(context.get(), bytes.data() + begin, room, text.data(), text.size(),
                                       dictionary->for_packing())
            : ZSTD_compressCCtx(context.get(), bytes.data() + begin, room, text.data(), text.size(), Dictionary::level);
    if (ZSTD_isError(size) != 0U) throw std::bad_alloc();  // there is room, so that nothing else can be wrong
    bytes.resize(begin + size);
    return static_cast<std::uint32_t>(size);
}

[[noreturn]] void fail(const char* what) { throw Error("logs.damaged", fmt::format("a block is damaged: {}", what)); }

}  // namespace

void Lines::end_line(Time time) {
    text_ += '\n';
    ++count_;
    if (!time) {
        times_ += '\0';
        return;
    }
    const auto apart = *time - last_time_;
    const auto unsigned_apart = static_cast<std::uint64_t>(apart) << 1U ^ static_cast<std::uint64_t>(apart >> 63);
    append_number(unsigned_apart + 1, times_);
    last_time_ = *time;
}

std::optional<std::vector<Lines::Time>> read_times(std::string_view times, std::uint32_t lines) {
    std::vector<Lines::Time> result;
    result.reserve(std::min<std::size_t>(lines, times.size()));
    std::uint64_t last = 0;
    for (std::uint32_t i = 0; i < lines; ++i) {
        const auto number = take_number(times);
        if (!number) return std::nullopt;
        if (*number == 0) {
            result.emplace_back();
            continue;
        }
        const auto apart = *number - 1;
        last += (apart >> 1U) ^ (~(apart & 1U) + 1);
        result.emplace_back(static_cast<std::int64_t>(last));
    }
    if (!times.empty()) return std::nullopt;
    return result;
}

std::optional<BlockHead> BlockHead::read(std::string_view bytes) {
    BlockHead head{};
    if (bytes.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, bytes.data(), sizeof head);
    constexpr std::size_t max_number = 10;  // bytes of one
    const bool is_head = head.magic == block_magic && head.head_hash == head_hash_of(head) &&
                         head.whole_bytes <= max_block_bytes && head.text_bytes <= head.whole_bytes &&
                         head.lines <= head.whole_bytes && head.distinct_lines <= head.lines &&
                         head.order_bytes <= head.lines * max_number && head.times_bytes <= head.lines * max_number;
    return is_head ? std::optional(head) : std::nullopt;
}

// Packing -------------------------------------------------------------------------------------------------------------

namespace {

/// Lines without those that are the same as an earlier one.
struct Distinct {
    std::string text;
    std::uint32_t count = 0;
    std::string order;  ///< a number for each line; see below
};

// Logs say the same again and again, often in the same order. A line that is new has the number 0, the one that came
// behind the line before when that was new has 1, and any other says how long ago it was new.
constexpr std::uint64_t is_new = 0, is_next = 1, first_distance = 2;

Distinct distinct_lines(std::string_view text, std::uint32_t lines) {
    Distinct result;
    std::unordered_map<std::string_view, std::uint32_t> places;
    places.reserve(lines);
    std::uint64_t next = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + 1);
        const auto [place, added] = places.try_emplace(line, result.count);
        if (added) {
            result.text += line;
            result.text += '\n';
            ++result.count;
            append_number(is_new, result.order);
        } else if (place->second == next) {
            append_number(is_next, result.order);
        } else {
            append_number(first_distance + result.count - 1 - place->second, result.order);
        }
        next = std::uint64_t{place->second} + 1;
    }
    return result;
}

}  // namespace

PackedBlock pack(const Lines& lines, std::uint64_t first_line, const Dictionary* dictionary) {
    const auto distinct = distinct_lines(lines.text(), lines.count());
    PackedBlock block{};
    block.bytes.resize(sizeof(BlockHead));
    auto& head = block.head;
    head.magic = block_magic;
    head.lines = lines.count();
    head.first_line = first_line;
    head.distinct_lines = distinct.count;
    head.whole_bytes = static_cast<std::uint32_t>(lines.text().size());
    head.text_bytes = static_cast<std::uint32_t>(distinct.text.size());
    head.order_bytes = static_cast<std::uint32_t>(distinct.order.size());
    head.times_bytes = static_cast<std::uint32_t>(lines.times().size());
    head.dictionary = dictionary != nullptr ? dictionary->id() : 0;
    head.folds = has_folding_letter(distinct.text) ? 1 : 0;
    head.packed_text_bytes = append_packed(distinct.text, dictionary, block.bytes);
    head.packed_order_bytes = append_packed(distinct.order, nullptr, block.bytes);
    head.packed_times_bytes = append_packed(lines.times(), nullptr, block.bytes);
    head.hash = kb::hash_of(std::string_view(block.bytes).substr(sizeof head));
    head.head_hash = head_hash_of(head);
    std::memcpy(block.bytes.data(), &head, sizeof head);
    block.filter = make_filter(distinct.text);
    return block;
}

// Unpacking -----------------------------------------------------------------------------------------------------------

void Unpacker::ReleaseContext::operator()(void* context) const { ZSTD_freeDCtx(static_cast<ZSTD_DCtx*>(context)); }

Unpacker::Unpacker(Dictionaries& dictionaries) : dictionaries_(dictionaries), context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
}

std::string_view Unpacker::unpack(std::string_view packed, std::size_t size, std::string& into,
                                  std::uint32_t dictionary) {
    if (into.size() < size) into.resize(size);
    auto* context = static_cast<ZSTD_DCtx*>(context_.get());
    if (dictionary != 0 && (!dictionary_ || dictionary_->id() != dictionary)) {
        dictionary_ = dictionaries_.find(dictionary);
        if (!dictionary_) fail("its dictionary is missing");
    }
    const auto count = dictionary != 0 ? ZSTD_decompress_usingDDict(context, into.data(), size, packed.data(),
                                                                    packed.size(), dictionary_->for_unpacking())
                                       : ZSTD_decompressDCtx(context, into.data(), size, packed.data(), packed.size());
    if (ZSTD_isError(count) != 0U || count != size) fail("it does not unpack");
    return std::string_view(into).substr(0, size);
}

namespace {

void check(const BlockHead& head, std::string_view packed) {
    if (packed.size() != head.packed_bytes() || kb::hash_of(packed) != head.hash) fail("its checksum is wrong");
}

}  // namespace

std::string_view Unpacker::distinct_text(const BlockHead& head, std::string_view packed) {
    check(head, packed);
    return unpack(packed.substr(0, head.packed_text_bytes), head.text_bytes, text_, head.dictionary);
}

const std::vector<std::uint32_t>& Unpacker::order(const BlockHead& head, std::string_view packed) {
    check(head, packed);
    auto numbers =
        unpack(packed.substr(head.packed_text_bytes, head.packed_order_bytes), head.order_bytes, order_text_, 0);
    order_.clear();
    order_.reserve(head.lines);
    std::uint64_t count = 0, next = 0;
    for (std::uint32_t i = 0; i < head.lines; ++i) {
        const bool is_short = !numbers.empty() && static_cast<unsigned char>(numbers.front()) < 0x80;
        const auto number = is_short ? std::optional<std::uint64_t>(numbers.front()) : take_number(numbers);
        if (!number) fail("its lines have no order");
        if (is_short) numbers.remove_prefix(1);
        const auto distance = *number - first_distance;
        const auto place = *number == is_new ? count++ : *number == is_next ? next : count - 1 - distance;
        if (place >= count || count > head.distinct_lines) fail("its lines have no order");
        order_.push_back(static_cast<std::uint32_t>(place));
        next = place + 1;
    }
    if (!numbers.empty() || count != head.distinct_lines) fail("its lines have no order");
    return order_;
}

const std::vector<std::string_view>& Unpacker::lines(const BlockHead& head, std::string_view packed) {
    auto text = distinct_text(head, packed);
    std::vector<std::string_view> distinct;
    distinct.reserve(head.distinct_lines);
    while (!text.empty()) {
        const auto size = std::min(text.find('\n'), text.size());
        distinct.push_back(text.substr(0, size));
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    if (distinct.size() != head.distinct_lines) fail("it has other lines");
    lines_.clear();
    lines_.reserve(head.lines);
    for (const auto place : order(head, packed)) lines_.push_back(distinct[place]);
    return lines_;
}

std::vector<Lines::Time> Unpacker::times(const BlockHead& head, std::string_view packed) {
    check(head, packed);
    const auto before = head.packed_text_bytes + std::size_t{head.packed_order_bytes};
    auto times = read_times(unpack(packed.substr(before), head.times_bytes, times_, 0), head.lines);
    if (!times) fail("its times are not those of its lines");
    return std::move(*times);
}

}  // namespace uhost::logs

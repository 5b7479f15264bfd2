#include "api/logs/segment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>

#include "api/kb/hash.hpp"
#include "api/logs/gram_filter.hpp"
#include "host/core/error.hpp"

namespace uhost::logs {
namespace {

namespace stdfs = std::filesystem;

constexpr std::string_view segment_ending = ".segment", index_ending = ".index";
constexpr std::uint32_t record_magic = 0x49474855;  // "UHGI"

struct RecordHead {
    std::uint32_t magic, filter_bytes;
    std::uint64_t offset;
    BlockHead block;
    std::uint64_t filter_hash;
    std::uint64_t hash;  // of what is before
};

std::uint64_t hash_of_record(const RecordHead& head) {
    return kb::hash_of({reinterpret_cast<const char*>(&head), offsetof(RecordHead, hash)});
}

bool is_power_of_two(std::uint32_t number) { return (number & (number - 1)) == 0; }

std::string_view content_of(const std::optional<MappedFile>& file) {
    if (!file) return {};
    return {reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size()};
}

}  // namespace

stdfs::path segment_file(const stdfs::path& folder, std::uint64_t id) {
    return folder / fmt::format("{:08}{}", id, segment_ending);
}

stdfs::path index_file(const stdfs::path& folder, std::uint64_t id) {
    return folder / fmt::format("{:08}{}", id, index_ending);
}

std::vector<std::uint64_t> segment_ids(const stdfs::path& folder) {
    std::vector<std::uint64_t> ids;
    std::error_code failed;
    for (stdfs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
        if (entry->path().extension() != segment_ending) continue;
        const auto name = entry->path().stem().string();
        std::uint64_t id = 0;
        const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
        if (read.ec == std::errc() && read.ptr == name.data() + name.size()) ids.push_back(id);
    }
    std::ranges::sort(ids);
    return ids;
}

// Reading -------------------------------------------------------------------------------------------------------------

std::optional<Segment> Segment::open(const stdfs::path& folder, std::uint64_t id) {
    std::error_code failed;
    const bool exists = stdfs::exists(segment_file(folder, id), failed);
    if (!exists) return std::nullopt;
    Segment segment(id);
    // The index first: the blocks that it knows are in the file already.
    segment.index_file_ = MappedFile::open(logs::index_file(folder, id));
    segment.content_file_ = MappedFile::open(segment_file(folder, id));
    segment.index_ = content_of(segment.index_file_);
    segment.content_ = content_of(segment.content_file_);
    segment.read_index();
    segment.read_heads();
    return segment;
}

void Segment::read_index() {
    auto rest = index_;
    RecordHead record{};
    while (rest.size() >= sizeof record) {
        std::memcpy(&record, rest.data(), sizeof record);
        const bool is_record = record.magic == record_magic && record.hash == hash_of_record(record);
        const auto size = sizeof record + record.filter_bytes;
        if (is_record && rest.size() < size) break;  // its writing was not finished
        const auto filter = is_record ? rest.substr(sizeof record, record.filter_bytes) : std::string_view();
        const bool is_whole = is_record && record.filter_hash == kb::hash_of(filter) &&
                              is_power_of_two(record.filter_bytes) && record.offset >= sizeof(BlockHead) &&
                              record.offset <= content_.size() &&
                              record.block.packed_bytes() <= content_.size() - record.offset;
        if (!is_whole) {
            index_is_damaged_ = true;
            break;
        }
        blocks_.push_back({record.block, record.offset, filter});
        indexed_bytes_ = record.offset + record.block.packed_bytes();
        rest.remove_prefix(size);
    }
    valid_index_bytes_ = index_.size() - rest.size();
}

// The blocks that the index does not know. Where a head is damaged, the next one is looked for.
void Segment::read_heads() {
    for (auto at = indexed_bytes_; at + sizeof(BlockHead) <= content_.size();) {
        const auto head = BlockHead::read(content_.substr(at));
        const bool follows =
            head && head->first_line >= lines() && head->packed_bytes() <= content_.size() - at - sizeof(BlockHead);
        if (follows) {
            blocks_.push_back({*head, at + sizeof(BlockHead), {}});
            at += sizeof(BlockHead) + head->packed_bytes();
        } else {
            const auto next = content_.find("UHGB", at + 1);
            at = next == content_.npos ? content_.size() : next;
        }
    }
}

std::string_view Segment::packed(const Block& block) const {
    return content_.substr(block.offset, block.head.packed_bytes());
}

bool Segment::has_head(const Block& block) const {
    const auto head = BlockHead::read(content_.substr(block.offset - sizeof(BlockHead)));
    return head && head->head_hash == block.head.head_hash;
}

std::size_t Segment::block_of(std::uint64_t line) const {
    const auto behind =
        std::ranges::upper_bound(blocks_, line, {}, [](const Block& block) { return block.head.first_line; });
    if (behind == blocks_.begin()) return blocks_.size();
    const auto found = behind - 1;
    if (line >= found->head.end_line()) return blocks_.size();
    return static_cast<std::size_t>(found - blocks_.begin());
}

// Writing -------------------------------------------------------------------------------------------------------------

namespace {

Descriptor open_to_write(const stdfs::path& file, int more_flags) {
    return Descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC | more_flags, 0600));
}

}  // namespace

void SegmentWriter::fail(const stdfs::path& file, int code) const {
    throw system_error("logs.write", fmt::format("cannot write {}", file.string()), code).with("path", file.string());
}

std::optional<SegmentWriter> SegmentWriter::create(const stdfs::path& folder, std::uint64_t id) {
    SegmentWriter writer(folder, id);
    writer.content_ = open_to_write(segment_file(folder, id), O_CREAT | O_EXCL);
    if (!writer.content_) {
        if (errno == EEXIST) return std::nullopt;
        writer.fail(segment_file(folder, id), errno);
    }
    if (::flock(writer.content_.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;  // somebody was faster
    writer.index_ = open_to_write(index_file(folder, id), O_CREAT | O_TRUNC);
    if (!writer.index_) writer.fail(index_file(folder, id), errno);
    return writer;
}

// Nothing when it is in use, full or damaged.
std::optional<SegmentWriter> SegmentWriter::reopen(const stdfs::path& folder, std::uint64_t id) {
    SegmentWriter writer(folder, id);
    writer.content_ = open_to_write(segment_file(folder, id), 0);
    if (!writer.content_ || ::flock(writer.content_.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
    const auto segment = Segment::open(folder, id);
    if (!segment || segment->index_is_damaged() || segment->indexed_bytes() >= full_bytes) return std::nullopt;
    const auto indexed = segment->indexed_bytes(), valid = segment->valid_index_bytes();
    const auto& blocks = segment->blocks();
    // Whole blocks that the index does not know are let be: somebody may have removed the index. What is no block was
    // being written when its process ended.
    const bool has_more = blocks.empty() ? segment->bytes() > 0 : blocks.back().offset >= indexed;
    if (has_more) return std::nullopt;
    if (!blocks.empty()) writer.end_line_ = blocks.back().head.end_line();
    writer.index_ = open_to_write(index_file(folder, id), O_CREAT);
    if (!writer.index_) return std::nullopt;
    if (::ftruncate(writer.content_.get(), static_cast<off_t>(indexed)) != 0) return std::nullopt;
    if (::ftruncate(writer.index_.get(), static_cast<off_t>(valid)) != 0) return std::nullopt;
    ::lseek(writer.content_.get(), 0, SEEK_END);
    ::lseek(writer.index_.get(), 0, SEEK_END);
    writer.offset_ = indexed;
    return writer;
}

SegmentWriter SegmentWriter::open(const stdfs::path& folder) {
    std::error_code failed;
    if (stdfs::create_directories(folder, failed)) ::chmod(folder.c_str(), 0700);
    if (failed) throw system_error("logs.write", fmt::format("cannot make {}", folder.string()), failed.value());
    const auto ids = segment_ids(folder);
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        if (auto writer = reopen(folder, *id)) return std::move(*writer);
        if (ids.rend() - id > 8) break;  // older ones are full
    }
    for (auto id = ids.empty() ? 1 : ids.back() + 1;; ++id) {
        if (auto writer = create(folder, id)) return std::move(*writer);
    }
}

void SegmentWriter::append(const PackedBlock& block) {
    if (const int code = write_all(content_.get(), block.bytes); code != 0) fail(segment_file(folder_, id_), code);
    RecordHead record{};
    record.magic = record_magic;
    record.filter_bytes = static_cast<std::uint32_t>(block.filter.size());
    record.offset = offset_ + sizeof(BlockHead);
    record.block = block.head;
    record.filter_hash = kb::hash_of(block.filter);
    record.hash = hash_of_record(record);
    records_.append(reinterpret_cast<const char*>(&record), sizeof record);
    records_ += block.filter;
    offset_ += block.bytes.size();
    end_line_ = block.head.end_line();
}

void SegmentWriter::commit() {
    if (records_.empty()) return;
    if (::fdatasync(content_.get()) != 0) fail(segment_file(folder_, id_), errno);
    if (const int code = write_all(index_.get(), records_); code != 0) fail(index_file(folder_, id_), code);
    if (::fdatasync(index_.get()) != 0) fail(index_file(folder_, id_), errno);
    records_.clear();
}

// Checking ------------------------------------------------------------------------------------------------------------

namespace {

std::string what_is_wrong(const Segment& segment, const Segment::Block& block, Unpacker& unpacker) {
    if (!segment.has_head(block)) return "a block is damaged: its head is wrong";
    try {
        std::size_t bytes = 0;
        for (const auto line : unpacker.lines(block.head, segment.packed(block))) bytes += line.size() + 1;
        if (bytes != block.head.whole_bytes) return "it has other lines";
        const bool has_filter = !block.filter.empty();
        if (has_filter && block.filter != make_filter(unpacker.distinct_text(block.head, segment.packed(block)))) {
            return "its filter is that of another text";
        }
        unpacker.times(block.head, segment.packed(block));
    } catch (const Error& error) {
        return error.message();
    }
    return {};
}

}  // namespace

std::vector<Damage> verify(const Segment& segment, Dictionaries& dictionaries, const std::stop_token& stop) {
    std::vector<Damage> damages;
    Unpacker unpacker(dictionaries);
    std::uint64_t next_line = 0;
    for (std::size_t i = 0; i < segment.blocks().size() && !stop.stop_requested(); ++i) {
        const auto& block = segment.blocks()[i];
        const auto& head = block.head;
        if (head.first_line != next_line) {
            damages.push_back({i, next_line, head.first_line - next_line, "blocks are missing before this one"});
        }
        if (auto what = what_is_wrong(segment, block, unpacker); !what.empty()) {
            damages.push_back({i, head.first_line, head.lines, std::move(what)});
        }
        next_line = head.end_line();
    }
    if (segment.index_is_damaged()) {
        damages.push_back({segment.blocks().size(), next_line, 0, "the index is damaged; searches are slower for it"});
    }
    return damages;
}

std::optional<SegmentLock> SegmentLock::take(const stdfs::path& folder, std::uint64_t id) {
    auto file = open_to_write(segment_file(folder, id), 0);
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
    return SegmentLock(std::move(file));
}

void remove_unused_dictionaries(const stdfs::path& folder) {
    const auto lock = DictionaryLock::alone(folder);
    if (!lock) return;
    std::set<std::uint32_t> used;
    for (const auto id : segment_ids(folder)) {
        const auto segment = Segment::open(folder, id);
        if (!segment) continue;
        for (const auto& block : segment->blocks()) used.insert(block.head.dictionary);
    }
    Dictionaries(folder).keep_only(used);
}

void remove_segment(const stdfs::path& folder, std::uint64_t id) {
    std::error_code failed;
    for (const auto& file : {index_file(folder, id), segment_file(folder, id)}) {
        stdfs::remove(file, failed);
        if (failed) throw system_error("logs.write", fmt::format("cannot remove {}", file.string()), failed.value());
    }
}

}  // namespace uhost::logs

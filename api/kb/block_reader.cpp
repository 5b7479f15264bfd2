#include "api/kb/block_reader.hpp"

#include <fmt/format.h>

#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

constexpr std::size_t block_bytes = 256 << 10;
constexpr std::size_t most_markers = 20'000;

}  // namespace

BlockReader::BlockReader(const SourceFile& file, std::uint64_t offset, std::uint64_t number, std::uint64_t last)
    : file_(file), reader_(file, offset), begin_(offset), number_(number), last_(last) {}

bool BlockReader::next(Block& block, const std::stop_token& stop) {
    while (number_ <= last_ && block.new_bytes() < block_bytes) {
        const auto offset = reader_.offset();
        const auto raw = reader_.next(stop);
        if (stop.stop_requested()) throw Error("cancelled", fmt::format("scanning {} was cancelled", file_.name()));
        if (!raw) {
            at_end_ = true;
            return false;
        }
        index_.add(offset);
        cleaner_.append(*raw, block.text());
        block.end_line();
        for (const auto& marker : cleaner_.markers()) {
            if (markers_.size() < most_markers) markers_.push_back({number_, marker});
        }
        ++number_;
        ++lines_;
    }
    return number_ <= last_;
}

}  // namespace uhost::kb

#include "api/db/digest.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <bit>

namespace uhost::db {
namespace {

// Types are kept apart, and so is where one value ends and the next begins.
struct Writer {
    std::string& bytes;

    void operator()(store::Null) const { bytes += 'n'; }
    void operator()(std::int64_t value) const { word('i', static_cast<std::uint64_t>(value)); }
    void operator()(double value) const { word('r', std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value)); }
    void operator()(const std::string& text) const { run('t', text); }
    void operator()(const store::Blob& blob) const { run('b', blob.bytes); }

    void word(char type, std::uint64_t value) const {
        bytes += type;
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void run(char type, const std::string& text) const {
        word(type, text.size());
        bytes += text;
    }
};

}  // namespace

void Digest::add(const Rows& rows) {
    const auto width = rows.columns.size();
    std::string bytes;
    for (std::size_t row = 0; row < rows.count(); ++row) {
        bytes.clear();
        for (std::size_t i = 0; i < width; ++i) std::visit(Writer{bytes}, rows.values[row * width + i]);
        const auto hash = XXH3_128bits(bytes.data(), bytes.size());
        low_ += hash.low64;
        high_ += hash.high64 + (low_ < hash.low64 ? 1 : 0);
    }
    rows_ += rows.count();
}

std::string Digest::text() const { return fmt::format("{:016x}{:016x}", high_, low_); }

}  // namespace uhost::db

#pragma once

#include <cstdint>
#include <string>

#include "api/db/rows.hpp"

namespace uhost::db {

/// What some rows hold, whatever order they come in: equal rows of two engines have equal digests. It tells a copy that
/// is whole from one that is not; it does not stand up to somebody who looks for another text with the same digest.
class Digest {
public:
    void add(const Rows& rows);
    std::uint64_t rows() const { return rows_; }
    /// 32 hexadecimal digits.
    std::string text() const;

private:
    std::uint64_t rows_ = 0, low_ = 0, high_ = 0;
};

}  // namespace uhost::db

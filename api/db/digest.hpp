#pragma once

#include <cstdint>
#include <string>

#include "api/db/rows.hpp"

namespace uhost::db {

/// A digest of rows that does not depend on their order; equal rows of two engines have equal digests. It finds
/// mistakes of a copy. It is not made against somebody who looks for other rows with the same digest.
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

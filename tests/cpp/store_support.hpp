#pragma once

#include <catch2/catch.hpp>

#include "host/core/error.hpp"
#include "host/store/database.hpp"

namespace uhost::store {

/// The error that `body` throws; one of kind "none" when it throws none.
template <class Body>
Error error_of(const Body& body) {
    try {
        body();
    } catch (const Error& error) {
        return error;
    }
    return Error("none", "nothing was thrown");
}

/// The first column of a query's first row.
inline std::int64_t number(Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    REQUIRE(statement.step());
    return statement.integer(0);
}

}  // namespace uhost::store

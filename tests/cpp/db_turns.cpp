#include <catch2/catch.hpp>

#include "api/db/connection.hpp"
#include "host/core/error.hpp"

using namespace uhost;
using namespace uhost::db;

namespace {

using Ancestry = std::vector<std::uint64_t>;

std::string kind_of_opening(std::string_view text) {
    try {
        store::engine_for(text);
    } catch (const Error& error) {
        CHECK(error.message().find("secret") == std::string::npos);
        return error.kind();
    }
    return "";
}

}  // namespace

TEST_CASE("turns: a task belongs to the innermost transaction of its ancestors") {
    Turns turns;
    const auto outside = turns.level_of(Ancestry{7, 1});
    CHECK(turns.level_of(Ancestry{1}) == outside);
    const auto outer = turns.open(7);
    CHECK(turns.level_of(Ancestry{7, 1}) == outer);
    CHECK(turns.level_of(Ancestry{9, 8, 7, 1}) == outer);
    CHECK(turns.level_of(Ancestry{8, 1}) == outside);
    const auto inner = turns.open(8);
    CHECK(turns.level_of(Ancestry{8, 7, 1}) == inner);
    CHECK(turns.level_of(Ancestry{10, 7, 1}) == outer);
    turns.close(inner);
    CHECK(turns.level_of(Ancestry{8, 7, 1}) == outer);
    turns.close(outer);
    CHECK(turns.level_of(Ancestry{8, 7, 1}) == outside);
}

TEST_CASE("turns: are given in the order of asking, and given back") {
    Turns turns;
    const auto level = turns.level_of(Ancestry{1});
    REQUIRE(level->turn.try_acquire());
    std::string order;
    level->turn.enqueue([&] { order += "a"; });
    const auto leaving = level->turn.enqueue([&] { order += "b"; });
    level->turn.enqueue([&] { order += "c"; });
    level->turn.leave(leaving);
    { const Turn first(level); }
    CHECK(order == "a");
    { const Turn second(level); }
    CHECK(order == "ac");
    { const Turn third(level); }
    CHECK(level->turn.try_acquire());
}

TEST_CASE("db.open: paths are files, addresses are refused without repeating them") {
    for (const auto path : {"a/b.sqlite", ":memory:", "./odd://name"})
        CHECK(store::engine_for(path).name() == "sqlite");
    CHECK(store::engine_for("postgres://host/name").name() == "postgres");
    CHECK(kind_of_opening("mysql://secret") == "db.unsupported");
}

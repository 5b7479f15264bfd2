#include <catch2/catch.hpp>
#include <vector>

#include "host/core/error.hpp"
#include "host/store/migrations.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::store;

namespace {

using Steps = std::vector<std::string_view>;
const Steps first{"CREATE TABLE a (n INTEGER)"};
const Steps second{"CREATE TABLE a (n INTEGER)",
                   "ALTER TABLE a ADD COLUMN m; INSERT INTO a VALUES (1, 2); CREATE TABLE b (n)"};

Error error_of_migrating(Database& database, const Steps& steps) {
    try {
        migrate(database, "test", steps);
    } catch (const Error& error) {
        return error;
    }
    return Error("none", "nothing was thrown");
}

}  // namespace

TEST_CASE("migrations: only what is new is applied, each name by itself") {
    Database database(":memory:");
    CHECK(migrate(database, "test", Steps{}) == 0);
    CHECK(migrate(database, "test", first) == 1);
    CHECK(migrate(database, "test", first) == 0);
    CHECK(migrate(database, "test", second) == 1);
    CHECK(migrate(database, "other", Steps{"CREATE TABLE c (n)"}) == 1);
    auto row = database.prepare("SELECT n, m FROM a");
    REQUIRE(row.step());
    CHECK(row.integer(1) == 2);
}

TEST_CASE("migrations: a store of a later version is refused") {
    Database database(":memory:");
    migrate(database, "test", second);
    const auto error = error_of_migrating(database, first);
    CHECK(error.kind() == "db.newer");
    CHECK(error.message().find("they are at step 2, and 1 are known here") != std::string::npos);
    CHECK_FALSE(error.hint().empty());
}

TEST_CASE("migrations: a step that fails leaves all as it was, and says which it is") {
    Database database(":memory:");
    const auto error = error_of_migrating(database, {"CREATE TABLE a (n)", "CREATE TABLE b (n); nonsense"});
    CHECK(error.kind() == "db.sql");
    CHECK(error.message().starts_with("step 2 of the migration 'test': near \"nonsense\""));
    CHECK(migrate(database, "test", first) == 1);
}

TEST_CASE("migrations: are not for the inside of a transaction, and cannot end one") {
    Database database(":memory:");
    {
        Transaction transaction(database);
        CHECK(error_of_migrating(database, first).kind() == "db.transaction");
    }
    CHECK(error_of_migrating(database, {"CREATE TABLE a (n); COMMIT"}).kind() == "db.transaction");
    CHECK(migrate(database, "test", first) == 1);
}

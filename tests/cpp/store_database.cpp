#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <thread>

#include "host/core/error.hpp"
#include "tests/cpp/store_support.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::store;

TEST_CASE("store: every value comes back as it went in") {
    Database database(":memory:");
    database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, value)");
    std::vector<Value> values{Null{},
                              std::int64_t{0},
                              std::numeric_limits<std::int64_t>::max(),
                              std::numeric_limits<std::int64_t>::min(),
                              -0.5,
                              std::numeric_limits<double>::infinity(),
                              std::string(),
                              std::string("zero \0 byte", 11),
                              std::string("\xff\xfe not UTF-8"),
                              Blob{},
                              Blob{std::string(70'000, '\0')}};
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        std::string bytes(random() % 300, '\0');
        for (auto& byte : bytes) byte = static_cast<char>(random());
        values.push_back(i % 2 == 0 ? Value(Blob{bytes}) : Value(bytes));
        values.push_back(static_cast<std::int64_t>(std::uint64_t{random()} << 32 | random()));
    }
    for (const auto& value : values) database.execute("INSERT INTO kept (value) VALUES (?)", value);
    auto read = database.prepare("SELECT value FROM kept ORDER BY id");
    for (const auto& value : values) {
        REQUIRE(read.step());
        CHECK(read.value(0) == value);
    }
    CHECK_FALSE(read.step());
}

TEST_CASE("store: text of a UTF-16 database is read as UTF-8") {
    Database database(":memory:");
    database.execute("PRAGMA encoding = 'UTF-16le'");
    database.execute("CREATE TABLE words (word TEXT)");
    database.execute("INSERT INTO words VALUES (?)", std::string("größer"));
    auto read = database.prepare("SELECT word FROM words");
    REQUIRE(read.step());
    CHECK(read.text(0) == "größer");
}

TEST_CASE("store: parameters go by position and by name, and are checked") {
    Database database(":memory:");
    auto statement = database.prepare("SELECT :a, @b, $a, :missing");
    statement.bind(Parameters{{}, {{"a", std::int64_t{1}}, {"b", std::string("two")}}});
    REQUIRE(statement.step());
    CHECK(statement.integer(0) == 1);
    CHECK(statement.text(1) == "two");
    CHECK(statement.integer(2) == 1);
    CHECK(statement.is_null(3));

    const auto unknown = error_of([&] { database.prepare("SELECT :name").bind(Parameters{{}, {{"nmae", Null{}}}}); });
    CHECK(unknown.kind() == "db.parameters");
    CHECK(unknown.hint() == "did you mean 'name'?");
    const auto too_many = error_of([&] { database.prepare("SELECT ?").bind(Parameters{{Null{}, Null{}}, {}}); });
    CHECK(too_many.kind() == "db.parameters");
    const auto by_position = error_of([&] { database.prepare("SELECT :x").bind(Parameters{{Null{}}, {}}); });
    CHECK(by_position.kind() == "db.parameters");
    CHECK(error_of([&] { database.prepare("SELECT 1").bind(1, Null{}); }).kind() == "db.parameters");
}

TEST_CASE("store: wrong SQL is placed by line and column") {
    Database database(":memory:");
    const auto error = error_of([&] { database.prepare("SELECT 1,\n       nonsense\nFROM x"); });
    CHECK(error.kind() == "db.sql");
    CHECK(error.message().find("no such table: x") != std::string::npos);
    const auto placed = error_of([&] { database.prepare("SELECT 1,\n  2 FORM x"); });
    CHECK(placed.message() == "near \"x\": syntax error, at line 2 column 10 of the SQL: x");
    CHECK(error_of([&] { database.prepare(""); }).kind() == "db.sql");
    CHECK(error_of([&] { database.prepare("-- nothing"); }).kind() == "db.sql");
    CHECK(error_of([&] { database.prepare("SELECT 1; SELECT 2"); }).message() ==
          "there is more than one statement in the SQL");
    CHECK(error_of([&] { database.prepare(std::string_view("SELECT 1\0", 9)); }).kind() == "db.sql");
    CHECK(number(database, "SELECT 1; -- a comment may follow") == 1);
    const auto in_script =
        error_of([&] { database.execute_script("SELECT 1;\n-- next\nSELECT 2;\n  SELCT 3; SELECT 4"); });
    CHECK(in_script.message() == "near \"SELCT\": syntax error, at line 4 column 3 of the SQL: SELCT 3; SELECT 4");
    CHECK(error_of([&] { database.prepare("SELECT \"not a column\""); }).kind() == "db.sql");
}

TEST_CASE("store: a broken rule of a table says which kind it is") {
    Database database(":memory:");
    database.execute_script(
        "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, age INTEGER CHECK (age > 0)) STRICT;"
        "CREATE TABLE children (parent REFERENCES parents);"
        "INSERT INTO parents VALUES (1, 'a', 1)");
    const auto kind_of = [&](std::string_view sql) {
        const auto error = error_of([&] { database.execute(sql); });
        CHECK(error.kind() == "db.constraint");
        return std::get<std::string>(error.details().at(0).second);
    };
    CHECK(kind_of("INSERT INTO parents VALUES (1, 'b', 1)") == "unique");
    CHECK(kind_of("INSERT INTO parents VALUES (2, 'a', 1)") == "unique");
    CHECK(kind_of("INSERT INTO parents VALUES (2, NULL, 1)") == "not_null");
    CHECK(kind_of("INSERT INTO parents VALUES (2, 'b', 0)") == "check");
    CHECK(kind_of("INSERT INTO parents VALUES (2, 'b', 'x')") == "type");
    CHECK(kind_of("INSERT INTO children VALUES (9)") == "foreign_key");
    CHECK(number(database, "SELECT count(*) FROM parents") == 1);
}

TEST_CASE("store: a transaction keeps all or nothing, nested ones by themselves") {
    Database database(":memory:");
    database.execute("CREATE TABLE kept (n INTEGER)");
    {
        Transaction dropped(database);
        database.execute("INSERT INTO kept VALUES (1)");
    }
    CHECK(number(database, "SELECT count(*) FROM kept") == 0);
    Transaction outer(database);
    database.execute("INSERT INTO kept VALUES (2)");
    {
        Transaction inner(database);
        database.execute("INSERT INTO kept VALUES (3)");
        {
            Transaction innermost(database);
            database.execute("INSERT INTO kept VALUES (4)");
            innermost.commit();
        }
        inner.rollback();
        inner.rollback();
    }
    outer.commit();
    CHECK(number(database, "SELECT group_concat(n) FROM kept") == 2);
    CHECK_FALSE(database.in_transaction());
}

TEST_CASE("store: transactions are not for SQL text") {
    Database database(":memory:");
    for (const char* sql : {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT a", "RELEASE a", "END"}) {
        CHECK(error_of([&] { database.execute(sql); }).kind() == "db.transaction");
    }
    CHECK_FALSE(database.in_transaction());
    database.execute("VACUUM");
}

TEST_CASE("store: a database kept alone reaches no other file") {
    TemporaryFolder folder;
    const auto other = (folder.path() / "other.sqlite").string();
    Database database(folder.path() / "a.sqlite", {.display_name = "the copy", .isolated = true});
    CHECK(database.name() == "the copy");
    CHECK(error_of([&] { database.execute("ATTACH ? AS other", other); }).kind() == "db.alone");
    CHECK(error_of([&] { database.execute("VACUUM INTO ?", other); }).kind() == "db.alone");
    CHECK_FALSE(std::filesystem::exists(other));
    database.execute("VACUUM");
    Database free(folder.path() / "b.sqlite");
    free.execute("VACUUM INTO ?", other);
    free.execute("ATTACH ? AS other", other);
}

TEST_CASE("store: a statement in use is not lent a second time") {
    Database database(":memory:");
    database.execute_script("CREATE TABLE kept (n INTEGER); INSERT INTO kept VALUES (1), (2), (3)");
    constexpr auto sql = "SELECT n FROM kept ORDER BY n";
    auto first = database.prepare(sql);
    REQUIRE(first.step());
    auto second = database.prepare(sql);
    REQUIRE(second.step());
    REQUIRE(second.step());
    REQUIRE(first.step());
    CHECK(first.integer(0) == 2);
    CHECK(second.integer(0) == 2);
}

TEST_CASE("store: a cached statement forgets its parameters, and many do not pile up") {
    Database database(":memory:");
    { CHECK(database.prepare("SELECT ? IS NULL").bind_all(std::int64_t{5}).step()); }
    CHECK(number(database, "SELECT ? IS NULL") == 1);
    for (int i = 0; i < 500; ++i) CHECK(number(database, "SELECT " + std::to_string(i)) == i);
}

TEST_CASE("store: a cached statement survives a change of the tables") {
    Database database(":memory:");
    database.execute("CREATE TABLE kept (n INTEGER)");
    CHECK(number(database, "SELECT count(*) FROM kept") == 0);
    database.execute_script(
        "DROP TABLE kept; CREATE TABLE kept (n INTEGER, m INTEGER); INSERT INTO kept VALUES (1, 2)");
    CHECK(number(database, "SELECT count(*) FROM kept") == 1);
}

TEST_CASE("store: a stop token ends a statement that runs, and one that waits for a lock") {
    TemporaryFolder folder;
    Database database(folder.path() / "a.sqlite", {.busy_timeout = std::chrono::hours(1)});
    std::stop_source stop;
    const Interruptible interruptible(database, stop.get_token());
    const auto interrupted_in = [&](std::string_view sql) {
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            stop.request_stop();
        });
        return error_of([&] { database.execute(sql); }).kind();
    };
    SECTION("that runs") {
        CHECK(interrupted_in("WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r") ==
              "db.interrupted");
    }
    SECTION("that waits") {
        database.execute("CREATE TABLE kept (n INTEGER)");
        Database other(folder.path() / "a.sqlite");
        const Transaction held(other);
        CHECK(interrupted_in("INSERT INTO kept VALUES (1)") == "db.busy");
    }
}

TEST_CASE("store: a private file is for its owner only, also under a loose umask") {
    TemporaryFolder folder;
    const auto file = folder.path() / "private.sqlite";
    const mode_t before = umask(0);
    {
        Database database(file, {.private_file = true});
        database.execute("CREATE TABLE kept (n INTEGER)");
        for (const auto* suffix : {"", "-wal", "-shm"}) {
            struct stat status {};
            REQUIRE(stat((file.string() + suffix).c_str(), &status) == 0);
            CHECK((status.st_mode & 0777) == 0600);
        }
    }
    umask(before);
}

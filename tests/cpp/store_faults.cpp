// What the world does to a store: other processes, damaged files, full and read-only disks, kill -9.
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "host/core/error.hpp"
#include "host/store/migrations.hpp"
#include "tests/cpp/store_support.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::store;

namespace {

// Runs `body` in a process of its own; its exit status is 0 unless it throws.
template <class Body>
pid_t in_process(const Body& body) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child != 0) return child;
    try {
        body();
    } catch (const std::exception&) {
        _exit(1);
    }
    _exit(0);
}

int status_of(pid_t process) {
    int status = 0;
    waitpid(process, &status, 0);
    return status;
}

// A file system of `size` bytes at most, as long as it lives; not there without the right to mount.
class SmallDisk {
public:
    explicit SmallDisk(const char* size)
        : mounted_(mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0) {}
    ~SmallDisk() {
        if (mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    void make_read_only() { REQUIRE(mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "") == 0); }
    const std::filesystem::path& path() const { return folder_.path(); }

private:
    TemporaryFolder folder_;
    bool mounted_;
};

constexpr std::string_view create_table = "CREATE TABLE IF NOT EXISTS kept (n INTEGER, text TEXT)";

}  // namespace

TEST_CASE("store: processes that write at once all get their turn") {
    TemporaryFolder folder;
    const auto file = folder.path() / "shared.sqlite";
    constexpr std::string_view steps[]{create_table, "INSERT INTO kept VALUES (0, 'once')"};
    std::vector<pid_t> processes;
    for (int process = 0; process < 4; ++process) {
        processes.push_back(in_process([&] {
            Database database(file, {.busy_timeout = std::chrono::minutes(5)});
            migrate(database, "test", steps);
            for (std::int64_t i = 1; i <= 100; ++i) database.execute("INSERT INTO kept VALUES (?, 'x')", i);
        }));
    }
    for (const auto process : processes) CHECK(status_of(process) == 0);
    Database database(file);
    CHECK(number(database, "SELECT count(*) FROM kept WHERE text = 'x'") == 400);
    CHECK(number(database, "SELECT count(*) FROM kept WHERE text = 'once'") == 1);
}

TEST_CASE("store: a lock that is not released in time names who holds it") {
    TemporaryFolder folder;
    const auto file = folder.path() / "locked.sqlite";
    Database database(file, {.busy_timeout = std::chrono::milliseconds(1)});
    database.execute(create_table);
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const auto holder = in_process([&] {
        Database other(file);
        const Transaction held(other);
        if (write(ready[1], "x", 1) != 1) _exit(1);
        pause();
    });
    char byte = 0;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    const auto error = error_of([&] { database.execute("INSERT INTO kept VALUES (1, 'x')"); });
    CHECK(error.kind() == "db.busy");
    CHECK(error.message().find("locked.sqlite is locked") != std::string::npos);
    // Where the kernel shows no lock owners, the message does without.
    if (error.message().ends_with("is locked"))
        WARN("the holder of a lock cannot be found here");
    else
        CHECK(error.message().find("process " + std::to_string(holder) + " (") != std::string::npos);
    CHECK_FALSE(error.hint().empty());
    kill(holder, SIGKILL);
    status_of(holder);
    close(ready[0]);
    close(ready[1]);
    database.execute("INSERT INTO kept VALUES (1, 'x')");
    CHECK(number(database, "SELECT count(*) FROM kept") == 1);
}

TEST_CASE("store: to write from an outdated reading is refused with the reason, as waiting cannot help") {
    TemporaryFolder folder;
    const auto file = folder.path() / "shared.sqlite";
    Database reader(file), writer(file);
    writer.execute(create_table);
    writer.execute_script("INSERT INTO kept VALUES (1, 'x'), (2, 'x')");
    auto reading = reader.prepare("SELECT n FROM kept");
    REQUIRE(reading.step());
    writer.execute("INSERT INTO kept VALUES (3, 'x')");
    const auto error = error_of([&] { reader.execute("DELETE FROM kept"); });
    CHECK(error.kind() == "db.busy");
    CHECK(error.details().at(0) == std::pair<std::string, Error::Value>("retry", false));
    CHECK(error.hint().find("end the loop that reads") != std::string::npos);
    reading.reset();
    reader.execute("DELETE FROM kept");
}

TEST_CASE("store: a process that is killed in a transaction leaves nothing of it") {
    TemporaryFolder folder;
    const auto file = folder.path() / "killed.sqlite";
    const auto status = status_of(in_process([&] {
        Database database(file);
        database.execute(create_table);
        database.execute("INSERT INTO kept VALUES (1, 'committed')");
        const Transaction transaction(database);
        // Larger than the page cache, so that uncommitted pages have reached the log.
        database.execute(
            "INSERT INTO kept SELECT value, hex(randomblob(2000)) FROM "
            "(WITH RECURSIVE r (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM r LIMIT 3000) SELECT * FROM r)");
        raise(SIGKILL);
    }));
    REQUIRE(WIFSIGNALED(status));
    Database database(file);
    CHECK(number(database, "SELECT count(*) FROM kept") == 1);
    CHECK(database.prepare("PRAGMA integrity_check").step());
}

TEST_CASE("store: a file that is no database, or a damaged one, is named with the remedy") {
    TemporaryFolder folder;
    const auto foreign = folder.write("foreign.sqlite", std::string(5000, 'x'));
    const auto error = error_of([&] { Database database(foreign); });
    CHECK(error.kind() == "db.corrupt");
    CHECK(error.message() == foreign.string() + " is not an SQLite database");
    CHECK(error.hint().find("mv '" + foreign.string() + "'") != std::string::npos);

    const auto file = folder.path() / "damaged.sqlite";
    {
        Database database(file);
        database.execute(create_table);
        database.execute(
            "INSERT INTO kept SELECT value, hex(randomblob(500)) FROM "
            "(WITH RECURSIVE r (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM r LIMIT 300) SELECT * FROM r)");
    }
    {
        std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
        damage.seekp(4096);
        damage << std::string(100'000, '\xaa');
    }
    Database database(file);
    CHECK(error_of([&] { database.execute("SELECT sum(length(text)) FROM kept"); }).kind() == "db.corrupt");
}

TEST_CASE("store: a folder that is not there is a failure to open") {
    const auto error = error_of([] { Database database("/nowhere/at/all.sqlite"); });
    CHECK(error.kind() == "db.open");
    CHECK(error.message().find("/nowhere/at/all.sqlite: No such file or directory") != std::string::npos);
    CHECK_FALSE(error.hint().empty());
    TemporaryFolder folder;
    CHECK(error_of([&] { Database database(folder.path() / "missing.sqlite", {.read_only = true}); }).kind() ==
          "db.open");
    CHECK(error_of([&] { Database database(folder.path()); }).kind() == "db.open");
}

TEST_CASE("store: what was opened to be read is not written to") {
    TemporaryFolder folder;
    const auto file = folder.path() / "read.sqlite";
    Database writer(file);
    writer.execute(create_table);
    Database reader(file, {.read_only = true});
    CHECK(error_of([&] { reader.execute("INSERT INTO kept VALUES (1, 'x')"); }).kind() == "db.readonly");
    CHECK(number(reader, "SELECT count(*) FROM kept") == 0);
}

TEST_CASE("store: a read-only disk says so on opening") {
    SmallDisk disk("1m");
    if (!disk.mounted()) {
        WARN("skipped: no right to mount a file system");
        return;
    }
    const auto file = disk.path() / "store.sqlite";
    {
        Database database(file);
        database.execute(create_table);
    }
    disk.make_read_only();
    const auto error = error_of([&] { Database database(file); });
    CHECK(error.kind() == "db.readonly");
    CHECK_FALSE(error.hint().empty());
    CHECK(error_of([&] { Database database(disk.path() / "new.sqlite", {.private_file = true}); }).kind() ==
          "db.readonly");
}

TEST_CASE("store: a full disk loses nothing that was committed") {
    SmallDisk disk("1m");
    if (!disk.mounted()) {
        WARN("skipped: no right to mount a file system");
        return;
    }
    const auto file = disk.path() / "store.sqlite";
    Database database(file);
    database.execute(create_table);
    std::int64_t kept = 0;
    const auto error = error_of([&] {
        for (;; ++kept) database.execute("INSERT INTO kept VALUES (?, ?)", kept, std::string(10'000, 'x'));
    });
    CHECK(error.kind() == "db.full");
    CHECK(error.message().find(file.string()) != std::string::npos);
    CHECK(kept > 0);
    CHECK(number(database, "SELECT count(*) FROM kept") == kept);

    SECTION("and a transaction that it ended refuses to go on") {
        const auto in_transaction = error_of([&] {
            Transaction transaction(database);
            error_of([&] { database.execute("INSERT INTO kept VALUES (0, ?)", std::string(900'000, 'x')); });
            if (database.in_transaction()) database.connection().control(TransactionControl::rollback);
            check_in_transaction(database);
        });
        CHECK(in_transaction.kind() == "db.rolled_back");
        CHECK(number(database, "SELECT count(*) FROM kept") == kept);
    }
    SECTION("and one too full to begin on says so") {
        const auto beginning = error_of([&] {
            Database other(disk.path() / "other.sqlite");
            other.execute(create_table);
        });
        CHECK(beginning.kind() == "db.full");
    }
}

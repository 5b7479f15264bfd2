#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/core/suggest.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;

TEST_CASE("errors: each kind of failure has its exit code") {
    CHECK(exit_code_of("argument") == ExitCode::usage);
    CHECK(exit_code_of("settings") == ExitCode::usage);
    CHECK(exit_code_of("json.syntax") == ExitCode::usage);
    CHECK(exit_code_of("git.auth") == ExitCode::world);
    CHECK(exit_code_of("timeout") == ExitCode::world);
    CHECK(exit_code_of("interrupted") == ExitCode::interrupted);
}

TEST_CASE("did you mean: near words are suggested, far ones listed") {
    const std::vector<std::string_view> known{"--dry-run", "--state", "--offline"};
    CHECK(did_you_mean("--dryrun", known) == "did you mean '--dry-run'?");
    CHECK(did_you_mean("--zzzzzzzzz", known) == "known are: --dry-run, --state, --offline");
    CHECK(nearest(std::string(100'000, 'x'), known).empty());
}

TEST_CASE("files: an atomic write replaces the whole, keeps the mode and leaves nothing behind") {
    const TemporaryFolder folder;
    const auto file = folder.write("out", "old");
    ::chmod(file.c_str(), 0640);
    write_file_atomically(file, "new content");
    CHECK(read_file(file, 100) == "new content");
    struct stat info{};
    ::stat(file.c_str(), &info);
    CHECK((info.st_mode & 0777) == 0640);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("files: an atomic write follows a link, and does not take the place of a device or a pipe") {
    const TemporaryFolder folder;
    const auto file = folder.write("out", "old"), link = folder.path() / "link", pipe = folder.path() / "pipe";
    std::filesystem::create_symlink("out", link);
    write_file_atomically(link, "new");
    CHECK(std::filesystem::is_symlink(link));
    CHECK(read_file(file, 100) == "new");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    write_file_atomically(pipe, "through");
    char received[16] = {};
    CHECK(::read(reader, received, sizeof received) == 7);
    ::close(reader);
    CHECK(std::filesystem::is_fifo(pipe));
    CHECK_THROWS_AS(write_file_atomically(folder.path(), "x"), Error);
}

TEST_CASE("files: a write that cannot be is an error that leaves the old file whole") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(write_file_atomically(folder.path() / "no/such/folder", "x"), Error);
    CHECK_THROWS_AS(write_file_atomically("/dev/full/x", "x"), Error);
    CHECK_THROWS_AS(read_file(folder.path() / "absent", 10), Error);
    CHECK_THROWS_AS(read_file(folder.write("large", "0123456789ab"), 10), Error);
}

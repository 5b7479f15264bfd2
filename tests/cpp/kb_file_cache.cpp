#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "api/kb/file_cache.hpp"
#include "api/kb/pattern.hpp"
#include "host/core/file.hpp"
#include "tests/cpp/temporary_folder.hpp"

using uhost::kb::FileCache;
namespace stdfs = std::filesystem;

namespace {

stdfs::path only_file(const stdfs::path& folder) {
    const stdfs::directory_iterator first(folder);
    return first->path();
}

}  // namespace

TEST_CASE("kb file cache gives back the parts that were written", "[kb]") {
    const TemporaryFolder folder;
    const FileCache cache(folder.path() / "cache");
    CHECK_FALSE(cache.read("one"));
    const std::string zeros(3, '\0');
    cache.write("one", {"first", "", zeros});
    cache.write("two", {"other"});
    const auto kept = cache.read("one");
    REQUIRE(kept);
    CHECK(kept->parts() == std::vector<std::string_view>{"first", "", zeros});
    CHECK((stdfs::status(folder.path() / "cache").permissions() & stdfs::perms::all) == stdfs::perms::owner_all);

    SECTION("and what was opened stays as it was when another takes its place") {
        cache.write("one", {"second"});
        CHECK(kept->parts().front() == "first");
        CHECK(cache.read("one")->parts().front() == "second");
    }
}

TEST_CASE("kb file cache takes a damaged file for none", "[kb]") {
    const TemporaryFolder folder;
    const FileCache cache(folder.path() / "cache");
    cache.write("key", {"first", "second"});
    const auto file = only_file(folder.path() / "cache");
    const auto whole = uhost::read_file(file, 1 << 20);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        uhost::write_file_atomically(file, damaged);
        CHECK_FALSE(cache.read("key"));
        uhost::write_file_atomically(file, whole.substr(0, at));
        CHECK_FALSE(cache.read("key"));
    }
    uhost::write_file_atomically(file, whole);
    CHECK(cache.read("key"));
}

TEST_CASE("kb file cache keeps what was used last", "[kb]") {
    const TemporaryFolder folder;
    const FileCache cache(folder.path() / "cache", 2);
    cache.write("a", {"a"});
    const auto file = only_file(folder.path() / "cache");
    stdfs::last_write_time(file, stdfs::last_write_time(file) - std::chrono::hours(2));
    cache.write("b", {"b"});
    cache.write("c", {"c"});
    CHECK_FALSE(cache.read("a"));
    CHECK(cache.read("b"));
    CHECK(cache.read("c"));
}

TEST_CASE("kb file cache has what was shipped until it has its own", "[kb]") {
    const TemporaryFolder folder;
    const FileCache shipped(folder.path() / "shipped");
    shipped.write("key", {"shipped"});
    const FileCache cache(folder.path() / "cache", 32, folder.path() / "shipped");
    CHECK(cache.read("key")->parts().front() == "shipped");
    CHECK_FALSE(cache.read("other"));
    CHECK_FALSE(stdfs::exists(folder.path() / "cache"));
    cache.write("key", {"own"});
    CHECK(cache.read("key")->parts().front() == "own");
    CHECK(shipped.read("key")->parts().front() == "shipped");
}

TEST_CASE("kb patterns are unpacked as they were packed", "[kb]") {
    std::vector<uhost::kb::PatternSource> sources(2);
    sources[0].match = {"a", "b"};
    sources[0].unless = {"c"};
    sources[0].flags = "i";
    sources[0].within = 7;
    sources[1].match = {std::string("d\0e", 3)};
    sources[1].keep = 0;
    const auto packed = uhost::kb::pack(sources);
    const auto unpacked = uhost::kb::unpack_sources(packed);
    REQUIRE(unpacked);
    REQUIRE(unpacked->size() == 2);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        CHECK((*unpacked)[i].match == sources[i].match);
        CHECK((*unpacked)[i].unless == sources[i].unless);
        CHECK((*unpacked)[i].flags == sources[i].flags);
        CHECK((*unpacked)[i].within == sources[i].within);
        CHECK((*unpacked)[i].keep == sources[i].keep);
    }
    for (std::size_t size = 0; size < packed.size(); ++size) {
        CHECK_FALSE(uhost::kb::unpack_sources(std::string_view(packed).substr(0, size)));
    }
    CHECK_FALSE(uhost::kb::unpack_sources(packed + "x"));
}

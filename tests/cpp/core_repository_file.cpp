// What a stranger may have committed in place of a rule file.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "host/core/error.hpp"
#include "host/core/repository_file.hpp"
#include "temporary_folder.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

std::string kind_of_failure(const fs::path& folder, const fs::path& relative, std::size_t max_bytes = 1000) {
    try {
        read_repository_file({folder}, relative, max_bytes);
    } catch (const Error& error) {
        return error.kind();
    }
    return "none";
}

TEST_CASE("a repository's file is read beneath its folder only", "[repository_file]") {
    const TemporaryFolder scratch;
    const auto root = scratch.path() / "repository";
    scratch.write("repository/policies/rule.lua", "return {}");
    scratch.write("credentials", "secret");

    SECTION("a regular file is read whole") {
        REQUIRE(read_repository_file({root}, "policies/rule.lua", 1000) == "return {}");
    }
    SECTION("a link within the folder is followed") {
        fs::create_symlink("rule.lua", root / "policies/alias.lua");
        REQUIRE(read_repository_file({root}, "policies/alias.lua", 1000) == "return {}");
    }
    SECTION("a link out of the folder is refused, relative or absolute") {
        fs::create_symlink("../../credentials", root / "policies/up.lua");
        fs::create_symlink(scratch.path() / "credentials", root / "policies/absolute.lua");
        REQUIRE(kind_of_failure(root, "policies/up.lua") == "file.outside");
        REQUIRE(kind_of_failure(root, "policies/absolute.lua") == "file.outside");
    }
    SECTION("a linked folder that leads out is refused") {
        scratch.write("elsewhere/rule.lua", "secret");
        fs::create_symlink("../elsewhere", root / "kb");
        REQUIRE(kind_of_failure(root, "kb/rule.lua") == "file.outside");
    }
    SECTION("'..' is refused") { REQUIRE(kind_of_failure(root, "policies/../../credentials") == "file.outside"); }
    SECTION("a named pipe does not block") {
        REQUIRE(::mkfifo((root / "policies/pipe.lua").c_str(), 0600) == 0);
        REQUIRE(kind_of_failure(root, "policies/pipe.lua") == "file.not_regular");
    }
    SECTION("a folder is refused") { REQUIRE(kind_of_failure(root, "policies") == "file.not_regular"); }
    SECTION("a link to a device is refused") {
        fs::create_symlink("/dev/zero", root / "policies/zero.lua");
        REQUIRE(kind_of_failure(root, "policies/zero.lua") == "file.outside");
    }
    SECTION("a file larger than allowed is refused") {
        REQUIRE(kind_of_failure(root, "policies/rule.lua", 4) == "file.too_large");
    }
    SECTION("a missing file differs from a refused one") {
        REQUIRE(kind_of_failure(root, "policies/none.lua") == "file.read");
    }
}

}  // namespace
}  // namespace uhost

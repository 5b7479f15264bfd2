#include <catch2/catch.hpp>
#include <vector>

#include "host/core/error.hpp"
#include "host/core/suggest.hpp"

using namespace uhost;

TEST_CASE("errors: each kind of failure has its exit code") {
    CHECK(exit_code_of("argument") == ExitCode::usage);
    CHECK(exit_code_of("settings") == ExitCode::usage);
    CHECK(exit_code_of("test_primitive.syntax") == ExitCode::world);
    const UsageErrors declared("test_primitive");
    CHECK(exit_code_of("test_primitive.syntax") == ExitCode::usage);
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

#include "api/git/libgit2.hpp"

#include <catch2/catch.hpp>

using namespace uhost;

namespace {

std::string kind_of(const git::Outcome& outcome) {
    try {
        git::check(outcome, "cannot do it");
    } catch (const Error& error) {
        return error.kind();
    }
    return "";
}

}  // namespace

TEST_CASE("An error of libgit2 speaks of the call that failed, never of an earlier one", "[git]") {
    git::start_libgit2();
    const auto disk_is_full = [] {
        git_error_set_str(GIT_ERROR_OS, "cannot write: No space left on device");
        return -1;
    };
    const auto without_words = [] { return -1; };
    const auto missing_without_words = [] { return static_cast<int>(GIT_ENOTFOUND); };
    CHECK(kind_of(git::attempt(disk_is_full)) == "git.file");
    CHECK(kind_of(git::attempt(without_words)) == "git.failed");
    CHECK(git::attempt(without_words).message.empty());
    static_cast<void>(git::attempt([] {
        git_error_set_str(GIT_ERROR_ODB, "an object is missing");
        return -1;
    }));
    CHECK(kind_of(git::attempt(missing_without_words)) == "git.failed");
    CHECK(kind_of(git::attempt([] { return 1; })).empty());
}

#pragma once

#include <string>
#include <string_view>

#include "api/git/remote/credentials.hpp"
#include "api/git/remote/transfer.hpp"
#include "api/git/remote/url.hpp"

/// What the `git` program prints, in English (LC_ALL=C): it says in words only what went wrong and how far it is.
namespace uhost::git::program {

bool has(const std::string& text, std::string_view part);

/// What stands between two texts; "" if they are not there.
std::string between(const std::string& text, std::string_view before, std::string_view after);

/// The line of its errors that says what went wrong.
std::string reason_in(const std::string& errors);

/// The error that a failed transfer means. `shown` is the URL without its login.
Error error_from(const std::string& errors, const std::string& what, const RemoteUrl& url, const Login& login,
                 const std::string& shown);

/// Reads the progress that git prints for people.
class ProgressReader {
public:
    explicit ProgressReader(Progress& progress) : progress_(progress) {}

    void read(std::string_view text);

private:
    void read_line(std::string_view line);

    Progress& progress_;
    std::string line_;
};

}  // namespace uhost::git::program

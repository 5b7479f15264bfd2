#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/oid.hpp"

/// Commit objects in git's own format: headers, an empty line, the message. The one parser that everything uses.
namespace uhost::git {

class ObjectReader;

/// Who did something, and when.
struct Person {
    std::string name, email;
    std::int64_t time = 0;   ///< Unix seconds; 0 where it cannot be read, as git takes it
    int offset_minutes = 0;  ///< of the person's clock from UTC
};

/// A commit as scripts see it. Text is converted to UTF-8 where the commit names another encoding.
struct Commit {
    Oid id, tree;
    std::vector<Oid> parents;
    Person author, committer;
    std::string subject;  ///< the message's first paragraph on one line, as `%s` of git's log
    std::string message;
};

/// What a walk needs of a commit.
struct CommitLinks {
    Oid tree;
    std::vector<Oid> parents;
    std::int64_t time = 0;  ///< committer date, as Person::time
};

/// Reads a commit. What is malformed is left empty; nothing if there is no tree.
std::optional<Commit> parse_commit(const Oid& id, std::string_view bytes);

/// Reads only what a walk needs into `links`, whose storage is reused; false if tree or parents are malformed.
bool parse_commit_links(std::string_view bytes, CommitLinks& links);

/// Reads "Name <email> seconds +hhmm", as git's split_ident_line: the e-mail ends at the first ">", the date follows
/// the last one.
Person parse_person(std::string_view line);

/// `text` in UTF-8, given the encoding a commit names ("" is UTF-8). Bytes stay as they are where the encoding is not
/// known to the system or the text is not valid in it.
std::string to_utf8(std::string_view text, const std::string& encoding);

/// Reads commit `oid`. Raise what `ObjectReader::read` raises, and `git.corrupt_object` for a malformed commit.
Commit read_commit(ObjectReader& reader, const Oid& oid);
void read_commit_links(ObjectReader& reader, const Oid& oid, CommitLinks& links);

}  // namespace uhost::git

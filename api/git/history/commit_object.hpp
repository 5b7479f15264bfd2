#pragma once

#include <string>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/oid.hpp"

namespace uhost::git {

class ObjectReader;

/// What a walk needs of a commit.
struct CommitLinks {
    Oid tree;
    std::vector<Oid> parents;
    std::int64_t time = 0;  ///< committer date, Unix seconds; 0 where it cannot be read, as git takes it
};

/// What a reader of a report wants of a commit. Text is as the commit has it (git's default encoding is UTF-8).
struct CommitFacts {
    std::string author_name;
    std::string author_email;
    std::string subject;  ///< the first paragraph of the message on one line, as `%s` of git's log
};

/// Reads the headers of a commit object into `links`, whose storage is reused; false if they are malformed.
bool parse_commit_links(ByteView commit, CommitLinks& links);

/// Reads author and subject of a commit object; what is malformed is left empty.
CommitFacts parse_commit_facts(ByteView commit);

/// Reads commit `oid`. Raises what `ObjectReader::read` raises, and `git.corrupt_object` for a malformed commit.
void read_commit_links(ObjectReader& reader, const Oid& oid, CommitLinks& links);

}  // namespace uhost::git

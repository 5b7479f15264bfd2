#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/git/history/line_diff.hpp"

namespace uhost::git {

/// Three versions of a text, and how what differs on both sides is written. A missing base is an empty text.
struct MergeTextsQuery {
    std::string base, ours, theirs;
    std::string base_label, our_label, their_label;
    bool diff3 = false;
    bool is_union = false;
    unsigned short marker_size = 7;
};

struct MergedText {
    bool clean;  // no conflict is left in it
    std::string text;
};

/// As `git merge-file` merges them.
MergedText merge_texts(const MergeTextsQuery& query);

/// Which lines differ, as git's default algorithm sees it.
std::vector<LineChange> compare_texts(std::string_view old_text, std::string_view new_text);

}  // namespace uhost::git

// Texts compared and merged without a repository.
#include "api/git/merge_file.hpp"

#include "api/git/history/line_diff.hpp"
#include "api/git/libgit2.hpp"

namespace uhost::git {
namespace {

git_merge_file_input input_of(const std::string& text) {
    git_merge_file_input input = GIT_MERGE_FILE_INPUT_INIT;
    input.ptr = text.data();
    input.size = text.size();
    return input;
}

struct MergeFileResult {
    git_merge_file_result raw{};
    MergeFileResult() = default;
    MergeFileResult(const MergeFileResult&) = delete;
    MergeFileResult& operator=(const MergeFileResult&) = delete;
    ~MergeFileResult() { git_merge_file_result_free(&raw); }
};

}  // namespace

MergedText merge_texts(const MergeTextsQuery& query) {
    start_libgit2();
    git_merge_file_options options = GIT_MERGE_FILE_OPTIONS_INIT;
    options.ancestor_label = query.base_label.c_str();
    options.our_label = query.our_label.c_str();
    options.their_label = query.their_label.c_str();
    options.marker_size = query.marker_size;
    if (query.diff3) options.flags |= GIT_MERGE_FILE_STYLE_DIFF3;
    if (query.is_union) options.favor = GIT_MERGE_FILE_FAVOR_UNION;
    const auto base = input_of(query.base), ours = input_of(query.ours), theirs = input_of(query.theirs);
    MergeFileResult result;
    check(attempt(git_merge_file, &result.raw, &base, &ours, &theirs, &options), "cannot merge the texts");
    return {result.raw.automergeable != 0, std::string(result.raw.ptr, result.raw.len)};
}

std::vector<LineChange> compare_texts(std::string_view old_text, std::string_view new_text) {
    LineTable table;
    const auto old_lines = table.lines_of(old_text), new_lines = table.lines_of(new_text);
    return LineDiffer(table).compare(old_lines, new_lines);
}

}  // namespace uhost::git

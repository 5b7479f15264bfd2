// `git`: texts compared and merged without a repository. They are computed at once, as functions of strings are.
#include "api/git/binding.hpp"
#include "api/git/merge_file.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::int64_t min_marker_size = 1, max_marker_size = 65'535;

constexpr std::string_view change_fields[]{"old_start", "old_lines", "new_start", "new_lines"};
constexpr bind::RecordType change_record{"git.LineChange", change_fields};

// A list stands for lines that end where its items do: whatever is compared, words for instance, is a line each.
std::string lines_at(const Call& call, int index, const char* name) {
    if (call.type(index) != LUA_TTABLE) return std::string(call.text(index, name));
    std::string text;
    for (const auto& item : texts_at(call, index, name)) {
        for (const char byte : item) text += byte == '\n' ? '\0' : byte;
        text += '\n';
    }
    return text;
}

// As git counts them in "@@": from 1, and where there are none, the line before.
std::size_t start_of(std::size_t start, std::size_t count) { return count > 0 ? start + 1 : start; }

}  // namespace

int merge_file(Call& call) {
    const auto options = call.fields(1, "options", {"base", "ours", "theirs", "style", "marker_size", "favor",
                                                    "base_label", "ours_label", "theirs_label"});
    MergeTextsQuery query;
    query.base = options.text_or("base", "");
    for (const char* side : {"ours", "theirs"}) {
        if (!options.has(side)) options.bad_field(side, "a text");
    }
    query.ours = options.text_or("ours", "");
    query.theirs = options.text_or("theirs", "");
    query.base_label = options.text_or("base_label", "base");
    query.our_label = options.text_or("ours_label", "ours");
    query.their_label = options.text_or("theirs_label", "theirs");
    const auto style = options.text_or("style", "merge");
    if (style != "merge" && style != "diff3") options.bad_field("style", "'merge' or 'diff3'");
    query.diff3 = style == "diff3";
    const auto favor = options.text_or("favor", "none");
    if (favor != "none" && favor != "union") options.bad_field("favor", "'none' or 'union'");
    query.is_union = favor == "union";
    const auto marker_size = options.integer_or("marker_size", 7);
    if (marker_size < min_marker_size || marker_size > max_marker_size) options.bad_field("marker_size", "1 to 65535");
    query.marker_size = static_cast<unsigned short>(marker_size);
    const auto merged = merge_texts(query);
    call.new_table(0, 2);
    call.field("clean", merged.clean);
    call.field("text", merged.text);
    return 1;
}

int compare_texts(Call& call) {
    const auto changes = git::compare_texts(lines_at(call, 1, "old"), lines_at(call, 2, "new"));
    push_list(call, changes, [](Call& results, const LineChange& change) {
        new_record(results, change_record)
            .field("old_start", start_of(change.old_start, change.old_count))
            .field("old_lines", change.old_count)
            .field("new_start", start_of(change.new_start, change.new_count))
            .field("new_lines", change.new_count);
    });
    return 1;
}

}  // namespace uhost::git::binding

// `re` on files, searched on the worker pool.
#include <atomic>

#include "api/re/binding_pattern.hpp"
#include "api/re/file_scan.hpp"
#include "host/runtime/file_access.hpp"

namespace uhost::re {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;

/// A scan as scripts hold it. One job at a time works on it: `busy` from when it is asked for until it has ended.
struct Scan {
    FileScan file;
    std::atomic<bool> busy = false;

    Scan(const FilePlace& path, std::shared_ptr<const Regex> regex, std::uint64_t limit)
        : file(path, std::move(regex), limit) {}
};

/// Makes the scan free again, however the job ends.
class Busy {
public:
    explicit Busy(std::shared_ptr<Scan> scan) : scan_(std::move(scan)) {
        if (scan_->busy.exchange(true)) {
            throw Error("re.busy", "this scan is still looking for its next line")
                .hint("another task is waiting for it; give each task a scan of its own");
        }
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() { scan_->busy = false; }

private:
    std::shared_ptr<Scan> scan_;
};

std::string describe(const void* object) { return static_cast<const Scan*>(object)->file.regex().pattern(); }

int next(Call& call);
constexpr Function scan_methods[]{{"next", next, Waits::yes}};
const bind::Type<Scan> scan_type{{"re.Scan", scan_methods, describe}};

void push_matches(Call& call, const Regex& regex, const std::vector<LineMatch>& matches) {
    call.new_table(matches.size());
    int position = 0;
    for (const auto& match : matches) {
        call.new_table(0, 3).field("line_number", match.line_number).field("line", match.line);
        push_captures(call, regex, match.line, match.groups);
        call.set("captures").seti(++position);
    }
}

// The next matches, as a list; empty at the end.
int next(Call& call) {
    const auto scan = scan_type.share(call);
    const auto busy = std::make_shared<Busy>(scan);
    return call.work([scan, busy](std::stop_token stop) -> bind::Finish {
        return [scan, matches = scan->file.next(std::move(stop))](Call& results) {
            push_matches(results, scan->file.regex(), matches);
            return 1;
        };
    });
}

}  // namespace

// open_scan(path, pattern, {limit =, flags = (for the pattern; not looked at)})
int open_scan(Call& call) {
    const auto place = files::require_reading(call.host(), call.text(1, "path"));
    const auto options = call.fields(3, "options", {"limit", "flags"});
    const auto limit = options.integer("limit");
    if (limit && *limit < 0) options.bad_field("limit", "a whole number of at least 0");
    const auto most = limit ? static_cast<std::uint64_t>(*limit) : UINT64_MAX;
    return scan_type.give(
        call, std::make_shared<Scan>(place, pattern_type.from(call, 2).shared_regex(), most));
}

int count_file(Call& call) {
    auto place = files::require_reading(call.host(), call.text(1, "path"));
    call.fields(3, "options", {"flags"});
    return call.work([place = std::move(place),
                      regex = pattern_type.from(call, 2).shared_regex()](std::stop_token stop) -> bind::Finish {
        const auto count = count_lines(place, regex, std::move(stop));
        return [count](Call& results) { return results.give(count); };
    });
}

}  // namespace uhost::re

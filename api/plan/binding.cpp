// `plan`: changes that a script makes by itself, under the same rules as those of the primitives.
#include "host/bind/object.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/host.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

constexpr std::int64_t most_entries = 10'000;

int done(Call& call);
int failed(Call& call);

constexpr Function permit_methods[]{{"done", done}, {"failed", failed}};
const bind::Type<Permit> permit_type{{"plan.Permit", permit_methods, nullptr}};

int done(Call& call) {
    permit_type.from(call).done(std::string(call.text_or(2, "result", "")));
    return call.none();
}

int failed(Call& call) {
    permit_type.from(call).failed(std::string(call.text_or(2, "reason", "")));
    return call.none();
}

// "github.create_issue": a room and what is done there.
bool is_kind(std::string_view kind) {
    const auto is_word = [](std::string_view word) {
        return !word.empty() && word.size() <= 60 && std::ranges::all_of(word, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    };
    const auto dot = kind.find('.');
    return dot != kind.npos && is_word(kind.substr(0, dot)) && is_word(kind.substr(dot + 1));
}

// declare(mutation): a permit; nil under a dry run.
int declare(Call& call) {
    const auto fields = call.fields(1, "change", {"kind", "target", "summary", "details", "audited", "apply"});
    Mutation mutation{fields.text_or("kind", ""), fields.text_or("target", ""), fields.text_or("summary", ""),
                      fields.pairs("details"), fields.flag("audited", true)};
    if (!is_kind(mutation.kind)) fields.bad_field("kind", "a room and a verb like \"release.publish\"");
    if (mutation.target.empty()) fields.bad_field("target", "the name of what is changed");
    if (mutation.summary.empty()) fields.bad_field("summary", "a line that says what is done");
    std::ranges::sort(mutation.details);  // a Lua table has no order
    auto permit = call.host().plan().declare(std::move(mutation));
    if (!permit) return call.give(nullptr);
    return permit_type.give(call, std::make_shared<Permit>(std::move(*permit)));
}

void push_entry(Call& call, const AuditEntry& entry) {
    call.new_table(0, 13)
        .field("id", entry.id)
        .field("started_at", entry.started_at)
        .field("ended_at", entry.ended_at)
        .field("kind", entry.kind)
        .field("target", entry.target)
        .field("summary", entry.summary)
        .field("outcome", entry.outcome)
        .field("result", entry.result)
        .field("machine", entry.machine)
        .field("user", entry.user)
        .field("process", entry.process)
        .field("script", entry.script);
    call.new_table(0, entry.details.size());
    for (const auto& [name, value] : entry.details) call.field(name.c_str(), value);
    call.set("details");
}

int history(Call& call) {
    const auto fields = call.fields(1, "options", {"kind", "limit"});
    const auto limit = fields.integer_or("limit", 100);
    if (limit < 1 || limit > most_entries) fields.bad_field("limit", "a whole number from 1 to 10000");
    const auto entries = call.host().plan().history({fields.text_or("kind", ""), limit});
    call.new_table(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        push_entry(call, entries[i]);
        call.seti(static_cast<int>(i + 1));
    }
    return 1;
}

int dry_run(Call& call) { return call.give(call.host().plan().dry_run()); }

constexpr Function functions[]{{"declare", declare}, {"history", history}, {"dry_run", dry_run}};

}  // namespace

extern "C" int luaopen_uhost_plan(lua_State* L) { return bind::module(L, "plan", functions); }

// `plan`: changes that a script makes by itself, under the same rules as those of the primitives.
#include "host/bind/mutation.hpp"
#include "host/bind/object.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/host.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

constexpr std::int64_t max_entries = 10'000;

int succeeded(Call& call);
int failed(Call& call);

constexpr Function pending_methods[]{{"succeeded", succeeded}, {"failed", failed}};
const bind::Type<PendingMutation> pending_type{{"plan.PendingMutation", pending_methods, nullptr}};

int succeeded(Call& call) {
    auto& pending = pending_type.from(call);
    pending.succeeded(std::string(call.text(2, "summary")));
    pending.record();
    return call.none();
}

int failed(Call& call) {
    auto& pending = pending_type.from(call);
    pending.failed(std::string(call.text(2, "reason")));
    pending.record();
    return call.none();
}

// "github.create_issue": a primitive and what it does.
bool is_kind(std::string_view kind) {
    const auto is_word = [](std::string_view word) {
        return !word.empty() && word.size() <= 60 && std::ranges::all_of(word, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    };
    const auto dot = kind.find('.');
    return dot != kind.npos && is_word(kind.substr(0, dot)) && is_word(kind.substr(dot + 1));
}

// begin(change): a PendingMutation; nil under a dry run.
int begin(Call& call) {
    const auto fields = call.fields(1, "change", {"kind", "target", "summary", "details", "audited", "apply", "planned"});
    Mutation mutation{fields.text_or("kind", ""), fields.text_or("target", ""), fields.text_or("summary", ""),
                      fields.pairs("details"),
                      fields.flag("audited", true) ? MutationScope::audited : MutationScope::local};
    if (!is_kind(mutation.kind)) fields.bad_field("kind", "a primitive and a verb like \"release.publish\"");
    if (mutation.target.empty()) fields.bad_field("target", "the name of what is changed");
    if (mutation.summary.empty()) fields.bad_field("summary", "a line that says what is done");
    mutation.permitted = true;  // what `apply` does is asked for by itself
    std::ranges::sort(mutation.details);  // a Lua table has no order
    const auto give_pending = [&](std::shared_ptr<PendingMutation> pending) {
        return pending_type.give(call, std::move(pending));
    };
    return call.begin_mutation(std::move(mutation), give_pending, [](Call& results) { return results.give(nullptr); });
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
    const auto fields = call.fields(1, "options", {"kind", "limit", "script", "since", "outcome"});
    const auto limit = fields.integer_or("limit", 100);
    if (limit < 1 || limit > max_entries) fields.bad_field("limit", "a whole number from 1 to 10000");
    const auto outcome = fields.text_or("outcome", "");
    const bool is_known = outcome.empty() || outcome == "done" || outcome == "failed" || outcome == "started";
    if (!is_known) fields.bad_field("outcome", "'done', 'failed' or 'started'");
    const auto entries = call.host().plan().history(
        {fields.text_or("kind", ""), limit, fields.text_or("script", ""), fields.text_or("since", ""), outcome});
    call.new_table(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        push_entry(call, entries[i]);
        call.seti(static_cast<int>(i + 1));
    }
    return 1;
}

int recorded(Call& call) {
    const auto& mutations = call.host().plan().recorded();
    call.new_table(mutations.size());
    for (std::size_t i = 0; i < mutations.size(); ++i) {
        const auto& mutation = mutations[i];
        call.new_table(0, 4)
            .field("kind", mutation.kind)
            .field("target", mutation.target)
            .field("summary", mutation.summary);
        call.new_table(0, mutation.details.size());
        for (const auto& [name, value] : mutation.details) call.field(name.c_str(), value);
        call.set("details").seti(static_cast<int>(i + 1));
    }
    return 1;
}

int set_dry_run(Call& call) {
    if (call.type(1) != LUA_TBOOLEAN) call.bad_argument(1, "dry_run", "a boolean");
    call.host().plan().set_dry_run(call.boolean_or(1, "dry_run", true));
    return call.none();
}

int dry_run(Call& call) { return call.give(call.host().plan().dry_run()); }

constexpr Function functions[]{{"begin", begin, bind::Waits::no, bind::Effect::changes}, {"history", history}, {"recorded", recorded}, {"dry_run", dry_run},
                               {"set_dry_run", set_dry_run}};

}  // namespace

extern "C" int luaopen_uhost_plan(lua_State* L) { return bind::module(L, "plan", functions); }

#include "host/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <nlohmann/json.hpp>

#include "host/core/error.hpp"
#include "host/core/visible.hpp"

namespace uhost {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t max_counted = 1000;

Json json_of(const Mutation& mutation) {
    Json details = Json::object();
    for (const auto& [name, value] : mutation.details) details[name] = value;
    return {{"kind", mutation.kind},
            {"target", mutation.target},
            {"summary", mutation.summary},
            {"times", mutation.times},
            {"details", std::move(details)}};
}

std::string text_of(const Json& json, int indent = -1) { return json.dump(indent, ' ', false, Json::error_handler_t::replace); }

void add_once(std::vector<Mutation>& list, Mutation added) {
    const auto same = [&](const Mutation& known) {
        return known.kind == added.kind && known.target == added.target && known.summary == added.summary;
    };
    const auto known = std::find_if(list.rbegin(), list.rend(), same);
    if (known != list.rend()) {
        ++known->times;
    } else if (list.size() < max_counted) {
        list.push_back(std::move(added));
    }
}

// Kind, target and summary, one under the other.
class Table {
public:
    explicit Table(const std::vector<Mutation>& mutations) {
        for (const auto& mutation : mutations) add(mutation);
    }
    void add(const Mutation& mutation) {
        // What is planned comes from scripts, which have it from anywhere.
        auto summary = visible_line(mutation.summary);
        if (mutation.times > 1) summary += fmt::format(" ({} times)", mutation.times);
        rows_.push_back({visible_line(mutation.kind), visible_line(mutation.target), std::move(summary)});
        kind_width_ = std::max(kind_width_, rows_.back()[0].size());
        target_width_ = std::max(target_width_, std::min(rows_.back()[1].size(), max_target_width));
    }
    std::string text() const {
        std::string text;
        for (const auto& [kind, target, summary] : rows_) {
            text += fmt::format("  {:<{}}  {:<{}}  {}\n", kind, kind_width_, target, target_width_, summary);
        }
        return text;
    }

private:
    static constexpr std::size_t max_target_width = 60;
    std::size_t kind_width_ = 0, target_width_ = 0;
    std::vector<std::array<std::string, 3>> rows_;
};

}  // namespace

void PendingMutation::succeeded(std::string summary) {
    outcome_ = "done";
    result_ = std::move(summary);
}

void PendingMutation::failed(std::string reason) {
    outcome_ = "failed";
    result_ = std::move(reason);
}

void PendingMutation::record() {
    if (const auto keep = std::exchange(keep_, nullptr)) keep(outcome_, result_);
}

PendingMutation::~PendingMutation() {
    try {
        record();
    } catch (const std::exception&) {
        // The entry stays "started", which says as much: it is not known to have succeeded.
    }
}

void Plan::set_dry_run(bool dry_run) {
    if (!switchable_) throw Error("plan.fixed", "this run cannot switch its dry run").hint("give --dry-run, or leave it out");
    dry_run_ = dry_run;
}

std::shared_ptr<PendingMutation> Plan::begin(Mutation mutation) {
    if (dry_run_ && mutation.scope != MutationScope::scratch) {
        tell(mutation, "planned");
        recorded_.push_back(std::move(mutation));
        return nullptr;
    }
    if (mutation.scope != MutationScope::audited) return std::make_shared<PendingMutation>(nullptr);
    const auto entry = trail().started(mutation);
    auto keep = [trail = trail_, entry, observer = observer_](const std::string& outcome, const std::string& result) {
        trail->ended(entry, outcome, result);
        if (observer) observer(text_of({{"state", outcome}, {"id", entry}, {"result", result}}));
    };
    const auto pending = std::make_shared<PendingMutation>(std::move(keep));
    tell(mutation, "started", entry);
    return pending;
}

void Plan::tell(const Mutation& mutation, const char* state, std::int64_t id) const {
    if (!observer_) return;
    auto json = json_of(mutation);
    json["state"] = state;
    if (id != 0) json["id"] = id;
    observer_(text_of(json));
}

AuditTrail& Plan::trail() {
    if (!trail_) trail_ = open_trail_();
    return *trail_;
}

void Plan::record(Mutation mutation) {
    if (!dry_run_) return;
    tell(mutation, "planned");
    add_once(recorded_, std::move(mutation));
}

void Plan::note(Mutation about) {
    if (dry_run_) add_once(notes_, std::move(about));
}

void Plan::clear() {
    recorded_.clear();
    notes_.clear();
}

std::string render_plan_text(const Plan& plan) {
    const auto count = plan.recorded().size();
    auto text = count == 0 ? std::string("Plan: nothing would be changed.\n")
                           : fmt::format("Plan: {} change{} would be made.\n", count, count == 1 ? "" : "s");
    text += Table(plan.recorded()).text();
    return plan.notes().empty() ? text : text + "Beside the plan:\n" + Table(plan.notes()).text();
}

std::string render_plan_json(const Plan& plan) {
    const auto listed = [](const std::vector<Mutation>& mutations) {
        Json list = Json::array();
        for (const auto& mutation : mutations) list.push_back(json_of(mutation));
        return list;
    };
    const Json whole{{"version", 1}, {"mutations", listed(plan.recorded())}, {"notes", listed(plan.notes())}};
    return text_of(whole, 2) + "\n";
}

}  // namespace uhost

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

constexpr std::size_t max_counted = 1000;

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
    if (const auto trail = std::exchange(trail_, nullptr)) trail->ended(entry_, outcome_, result_);
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
        recorded_.push_back(std::move(mutation));
        return nullptr;
    }
    if (mutation.scope != MutationScope::audited) return std::make_shared<PendingMutation>(nullptr, 0);
    const auto entry = trail().started(mutation);
    return std::make_shared<PendingMutation>(trail_, entry);
}

AuditTrail& Plan::trail() {
    if (!trail_) trail_ = open_trail_();
    return *trail_;
}

void Plan::record(Mutation mutation) {
    if (dry_run_) add_once(recorded_, std::move(mutation));
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
    using Json = nlohmann::ordered_json;
    const auto listed = [](const std::vector<Mutation>& mutations) {
        Json list = Json::array();
        for (const auto& mutation : mutations) {
            Json details = Json::object();
            for (const auto& [name, value] : mutation.details) details[name] = value;
            list.push_back({{"kind", mutation.kind},
                            {"target", mutation.target},
                            {"summary", mutation.summary},
                            {"times", mutation.times},
                            {"details", std::move(details)}});
        }
        return list;
    };
    const Json whole{{"version", 1}, {"mutations", listed(plan.recorded())}, {"notes", listed(plan.notes())}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace uhost

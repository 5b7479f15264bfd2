#include "host/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "host/core/error.hpp"
#include "host/core/visible.hpp"

namespace uhost {

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

std::string render_plan_text(const std::vector<Mutation>& mutations) {
    if (mutations.empty()) return "Plan: nothing would be changed.\n";
    constexpr std::size_t max_target_width = 60;
    struct Row {
        std::string kind, target, summary;
    };
    std::vector<Row> rows;
    std::size_t kind_width = 0, target_width = 0;
    for (const auto& mutation : mutations) {
        // What is planned comes from scripts, which have it from anywhere.
        rows.push_back({visible_line(mutation.kind), visible_line(mutation.target), visible_line(mutation.summary)});
        kind_width = std::max(kind_width, rows.back().kind.size());
        target_width = std::max(target_width, std::min(rows.back().target.size(), max_target_width));
    }
    auto text = fmt::format("Plan: {} change{} would be made.\n", rows.size(), rows.size() == 1 ? "" : "s");
    for (const auto& row : rows) {
        text += fmt::format("  {:<{}}  {:<{}}  {}\n", row.kind, kind_width, row.target, target_width, row.summary);
    }
    return text;
}

std::string render_plan_json(const std::vector<Mutation>& mutations) {
    using Json = nlohmann::ordered_json;
    Json list = Json::array();
    for (const auto& mutation : mutations) {
        Json details = Json::object();
        for (const auto& [name, value] : mutation.details) details[name] = value;
        list.push_back({{"kind", mutation.kind},
                        {"target", mutation.target},
                        {"summary", mutation.summary},
                        {"details", std::move(details)}});
    }
    const Json plan{{"version", 1}, {"mutations", std::move(list)}};
    return plan.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace uhost

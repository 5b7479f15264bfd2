#include "host/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

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
    std::size_t kind_width = 0, target_width = 0;
    for (const auto& mutation : mutations) {
        kind_width = std::max(kind_width, mutation.kind.size());
        target_width = std::max(target_width, mutation.target.size());
    }
    target_width = std::min<std::size_t>(target_width, 60);
    auto text = fmt::format("Plan: {} change{} would be made.\n", mutations.size(), mutations.size() == 1 ? "" : "s");
    for (const auto& mutation : mutations) {
        text += fmt::format("  {:<{}}  {:<{}}  {}\n", mutation.kind, kind_width, mutation.target, target_width,
                            mutation.summary);
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

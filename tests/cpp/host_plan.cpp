#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "host/core/error.hpp"
#include "host/plan/plan.hpp"

using namespace uhost;

namespace {

struct Trail : AuditTrail {
    std::vector<std::string> lines;
    std::int64_t started(const Mutation& mutation) override {
        lines.push_back("started " + mutation.kind);
        return static_cast<std::int64_t>(lines.size());
    }
    void ended(std::int64_t entry, const std::string& outcome, const std::string& result) override {
        lines.push_back(std::to_string(entry) + " " + outcome + " " + result);
    }
    std::vector<AuditEntry> history(const AuditQuery&) override { return {}; }
};

Mutation push(const std::string& target) { return {"git.push", target, "push it", {{"old", "1"}, {"new", "2"}}}; }

}  // namespace

TEST_CASE("plan: a dry run records a mutation and does not begin it") {
    Plan plan(true, []() -> std::shared_ptr<AuditTrail> { throw Error("test", "must not be opened"); });
    CHECK(plan.begin(push("main")) == nullptr);
    REQUIRE(plan.recorded().size() == 1);
    CHECK(plan.recorded()[0].target == "main");
}

TEST_CASE("plan: a change is written down before it is made, and how it ended after") {
    const auto trail = std::make_shared<Trail>();
    Plan plan(false, [&] { return trail; });
    const auto pending = plan.begin(push("main"));
    pending->succeeded("moved");
    pending->record();
    CHECK(trail->lines == std::vector<std::string>{"started git.push", "1 done moved"});
}

TEST_CASE("plan: a change that ends by an exception is recorded as failed") {
    const auto trail = std::make_shared<Trail>();
    Plan plan(false, [&] { return trail; });
    try {
        const auto pending = plan.begin(push("main"));
        throw Error("git.network", "unreachable");
    } catch (const Error&) {
    }
    CHECK(trail->lines.back() == "1 failed ended by an error, or cancelled");
}

TEST_CASE("plan: without a trail to write to nothing may be changed") {
    Plan plan(false, []() -> std::shared_ptr<AuditTrail> { throw Error("db.full", "no space"); });
    CHECK_THROWS_AS(plan.begin(push("main")), Error);
}

TEST_CASE("plan: local changes leave no trail") {
    Plan plan(false, []() -> std::shared_ptr<AuditTrail> { throw Error("test", "must not be opened"); });
    auto mutation = push("file");
    mutation.scope = MutationScope::local;
    CHECK(plan.begin(std::move(mutation)) != nullptr);
}

TEST_CASE("plan: scratch changes are made under a dry run, and not planned") {
    Plan plan(true, []() -> std::shared_ptr<AuditTrail> { throw Error("test", "must not be opened"); });
    auto mutation = push("file");
    mutation.scope = MutationScope::scratch;
    CHECK(plan.begin(std::move(mutation)) != nullptr);
    CHECK(plan.recorded().empty());
}

namespace {

Plan planning(std::vector<Mutation> mutations) {
    Plan plan(true, []() -> std::shared_ptr<AuditTrail> { throw Error("test", "must not be opened"); });
    for (auto& mutation : mutations) plan.begin(std::move(mutation));
    return plan;
}

}  // namespace

TEST_CASE("plan: its JSON is valid whatever the text in it") {
    const auto hostile = std::string("quote\" back\\slash \n \x01 \xff invalid");
    auto plan = planning({{"git.push", hostile, hostile, {{hostile, hostile}}}});
    plan.note({"process.run", hostile, hostile});
    const auto json = nlohmann::json::parse(render_plan_json(plan));
    CHECK(json["version"] == 1);
    CHECK(json["mutations"].size() == 1);
    CHECK(json["notes"].size() == 1);
    CHECK(nlohmann::json::parse(render_plan_json(planning({})))["mutations"].empty());
}

TEST_CASE("plan: its text lists what would be changed, and what else there is to know") {
    CHECK(render_plan_text(planning({})) == "Plan: nothing would be changed.\n");
    auto plan = planning({push("refs/heads/main")});
    CHECK(render_plan_text(plan) == "Plan: 1 change would be made.\n  git.push  refs/heads/main  push it\n");
    for (int i = 0; i < 2; ++i) plan.note({"process.run", "make", "ran where it can change nothing"});
    CHECK(render_plan_text(plan) ==
          "Plan: 1 change would be made.\n  git.push  refs/heads/main  push it\n"
          "Beside the plan:\n  process.run  make  ran where it can change nothing (2 times)\n");
    plan.clear();
    CHECK(render_plan_text(plan) == "Plan: nothing would be changed.\n");
}

#include "host/bind/mutation.hpp"

#include <fmt/format.h>

#include "host/runtime/host.hpp"

namespace uhost::bind {
namespace {

// Its address names the plan in the registry.
const char plan_key = 0;

Plan& plan_of(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&plan_key));
    lua_rawget(L, LUA_REGISTRYINDEX);
    auto* plan = static_cast<Plan*>(lua_touserdata(L, -1));
    lua_pop(L, 1);
    return *plan;
}

void require_effect(lua_State* L) {
    const auto* function = running_record(L);
    if (function != nullptr && function->effect == Effect::changes) return;
    throw Error("internal", fmt::format("'{}' changes something and is not bound with Effect::changes",
                                        running_function(L)))
        .hint("this is a defect in uhost; please report it with the script line");
}

// What nobody has checked is denied.
Error not_covered(const Mutation& mutation) {
    return Error("permission.denied", fmt::format("the script is not allowed to {}: {}", mutation.kind, mutation.summary))
        .hint("no option allows just this; if you trust the script, run it without --safe and --allow-… options")
        .with("operand", mutation.target);
}

// Runs `apply` and sets the outcome. A failure is recorded when the last holder of `pending` lets go, so that an
// unwritable trail does not hide it.
template <class Apply>
MutationResult attempt(PendingMutation& pending, const Apply& apply) {
    try {
        MutationResult result = apply();
        if (result.failed) {
            pending.failed(std::move(result.summary));
        } else {
            pending.succeeded(std::move(result.summary));
        }
        return result;
    } catch (const std::exception& error) {
        pending.failed(error.what());
        throw;
    }
}

int push_results(Call& call, const Finish& finish) { return finish ? finish(call) : call.none(); }

}  // namespace

void attach_plan(lua_State* L, Plan& plan) {
    lua_pushlightuserdata(L, const_cast<char*>(&plan_key));
    lua_pushlightuserdata(L, &plan);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

void MutationWaker::wake(std::function<MutationResult()> result) const {
    waker_.wake([pending = pending_, result = std::move(result)](Call& call) {
        const auto made = attempt(*pending, result);
        pending->record();
        return push_results(call, made.finish);
    });
}

int Call::begin_mutation(Mutation mutation, const std::function<int(std::shared_ptr<PendingMutation>)>& apply,
                         const Finish& planned) {
    require_effect(L_);
    if (!mutation.permitted && host().permissions().limited()) throw not_covered(mutation);
    auto pending = plan_of(L_).begin(std::move(mutation));
    return pending ? apply(std::move(pending)) : push_results(*this, planned);
}

int Call::mutate(Mutation mutation, const std::function<MutationResult()>& apply, const Finish& planned) {
    const auto apply_now = [&](const std::shared_ptr<PendingMutation>& pending) {
        const auto made = attempt(*pending, apply);
        pending->record();
        return push_results(*this, made.finish);
    };
    return begin_mutation(std::move(mutation), apply_now, planned);
}

int Call::mutate_on_pool(Mutation mutation, std::function<MutationResult(std::stop_token)> apply,
                         std::function<Finish(std::stop_token)> planned) {
    const auto apply_on_pool = [&](const std::shared_ptr<PendingMutation>& pending) {
        auto job = [pending, apply = std::move(apply)](std::stop_token stop) -> Finish {
            auto made = attempt(*pending, [&] { return apply(std::move(stop)); });
            return [pending, finish = std::move(made.finish)](Call& results) {
                pending->record();
                return push_results(results, finish);
            };
        };
        return work(std::move(job), OnCancel::wait_for_end);
    };
    return begin_mutation(std::move(mutation), apply_on_pool, [&](Call& call) { return call.work(std::move(planned)); });
}

int Call::mutate_waiting(Mutation mutation, const std::function<std::function<void()>(MutationWaker)>& start,
                         const Finish& planned, OnCancel on_cancel) {
    const auto apply_waiting = [&](const std::shared_ptr<PendingMutation>& pending) {
        return wait([&](Waker waker) { return start(MutationWaker(waker, pending)); }, on_cancel);
    };
    return begin_mutation(std::move(mutation), apply_waiting, planned);
}

}  // namespace uhost::bind

#include "api/git/binding_mutation.hpp"

namespace uhost::git::binding {

Undertaking::~Undertaking() {
    try {
        tell();
    } catch (const std::exception&) {
        // The task was cancelled and nobody hears of it; the entry stays "started", which is true.
    }
}

void Undertaking::tell() {
    if (const auto result = std::exchange(result_, std::nullopt)) permit_.done(*result);
    if (const auto reason = std::exchange(reason_, std::nullopt)) permit_.failed(*reason);
}

int make_change(Call& call, Mutation mutation, std::function<Made(std::stop_token)> job,
                std::function<Finish(std::stop_token)> planned) {
    auto permit = call.host().plan().declare(std::move(mutation));
    if (!permit) return call.work(std::move(planned));
    auto undertaking = std::make_shared<Undertaking>(std::move(*permit));
    return call.work(
        [undertaking, job = std::move(job)](std::stop_token stop) -> Finish {
            try {
                auto made = job(std::move(stop));
                undertaking->succeeded(std::move(made.result));
                return [undertaking, finish = std::move(made.finish)](Call& results) {
                    undertaking->tell();
                    return finish(results);
                };
            } catch (const Error& error) {
                undertaking->failed(error.message());
                return [undertaking, error](Call&) -> int {
                    undertaking->tell();
                    throw error;
                };
            }
        },
        bind::OnCancel::wait_for_end);
}

void push_change(Call& call, const ReferenceChange& change) {
    call.new_table(0, 3).field("ref", change.name);
    if (change.before) call.field("before", change.before->hex());
    if (change.after) call.field("after", change.after->hex());
}

Finish give_changes(std::vector<ReferenceChange> changes) {
    return [changes = std::move(changes)](Call& results) {
        push_list(results, changes, push_change);
        return 1;
    };
}

}  // namespace uhost::git::binding

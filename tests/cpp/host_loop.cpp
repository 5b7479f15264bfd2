#include <catch2/catch.hpp>

#include "host/task/loop.hpp"

using namespace uhost;

TEST_CASE("loop: what a due timer gave to do elsewhere is not kept waiting for the next event") {
    struct Fired {
        Loop loop;
        bool first = false, second = false;
    } fired;
    auto first = fired.loop.make<uv_timer_t>(uv_timer_init);
    auto second = fired.loop.make<uv_timer_t>(uv_timer_init);
    first->data = second->data = &fired;
    uv_timer_start(
        first.get(),
        [](uv_timer_t* timer) {
            auto& self = *static_cast<Fired*>(timer->data);
            self.first = true;
            self.loop.return_soon();
        },
        0, 0);
    uv_timer_start(
        second.get(), [](uv_timer_t* timer) { static_cast<Fired*>(timer->data)->second = true; }, 2000, 0);
    CHECK(fired.loop.run_once(true));
    CHECK(fired.first);
    CHECK_FALSE(fired.second);
}

TEST_CASE("loop: asking it to return while it does not run changes nothing") {
    Loop loop;
    bool fired = false;
    auto timer = loop.make<uv_timer_t>(uv_timer_init);
    timer->data = &fired;
    uv_timer_start(
        timer.get(), [](uv_timer_t* due) { *static_cast<bool*>(due->data) = true; }, 0, 0);
    loop.return_soon();
    loop.run_once(false);
    CHECK(fired);
}

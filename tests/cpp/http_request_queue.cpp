#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "api/http/request_queue.hpp"

using uhost::http::RequestQueue;

namespace {

std::vector<RequestQueue::Id> all_that_may_go(RequestQueue& lines) {
    std::vector<RequestQueue::Id> ids;
    while (const auto id = lines.next()) ids.push_back(*id);
    return ids;
}

using Ids = std::vector<RequestQueue::Id>;

}  // namespace

TEST_CASE("requests to one origin go in order, so many at a time") {
    RequestQueue lines(2, 100);
    for (RequestQueue::Id id = 1; id <= 4; ++id) lines.enter(id, "http://a", false);
    CHECK(all_that_may_go(lines) == Ids{1, 2});
    lines.leave("http://a");
    CHECK(all_that_may_go(lines) == Ids{3});
    lines.withdraw(4, "http://a");
    lines.leave("http://a");
    CHECK(all_that_may_go(lines).empty());
}

TEST_CASE("the limit for all origins is shared in turns") {
    RequestQueue lines(10, 3);
    for (RequestQueue::Id id = 1; id <= 5; ++id) lines.enter(id, "http://a", false);
    for (RequestQueue::Id id = 6; id <= 7; ++id) lines.enter(id, "http://b", false);
    CHECK(all_that_may_go(lines) == Ids{1, 6, 2});
    lines.leave("http://a");
    CHECK(all_that_may_go(lines) == Ids{7});
}

TEST_CASE("one goes ahead where a connection may be shared") {
    RequestQueue lines(10, 100);
    for (RequestQueue::Id id = 1; id <= 3; ++id) lines.enter(id, "https://a", true);
    CHECK(all_that_may_go(lines) == Ids{1});
    SECTION("until a connection stands") { lines.connected("https://a"); }
    SECTION("or it has failed") { lines.leave("https://a"); }
    CHECK(all_that_may_go(lines) == Ids{2, 3});
}

TEST_CASE("whatever comes and goes, every request has its turn and no limit is passed") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        const int per_origin = 1 + static_cast<int>(random() % 4), in_all = 1 + static_cast<int>(random() % 6);
        RequestQueue lines(per_origin, in_all);
        const std::vector<std::string> origins{"https://a", "https://b", "http://c"};
        std::vector<std::pair<RequestQueue::Id, std::string>> waiting, going;
        RequestQueue::Id last = 0;
        int served = 0, withdrawn = 0;
        const auto let_go = [&] {
            for (const auto id : all_that_may_go(lines)) {
                const auto at =
                    std::find_if(waiting.begin(), waiting.end(), [&](auto& each) { return each.first == id; });
                REQUIRE(at != waiting.end());
                going.push_back(*at);
                waiting.erase(at);
                ++served;
            }
            REQUIRE(static_cast<int>(going.size()) <= in_all);
            for (const auto& origin : origins) {
                REQUIRE(std::count_if(going.begin(), going.end(), [&](auto& each) { return each.second == origin; }) <=
                        per_origin);
            }
        };
        for (int step = 0; step < 60 || !going.empty() || !waiting.empty(); ++step) {
            const auto& origin = origins[random() % origins.size()];
            const auto dice = step < 60 ? random() % 5 : 4U;
            if (dice < 2) {
                lines.enter(++last, origin, origin.starts_with("https"));
                waiting.emplace_back(last, origin);
            } else if (dice == 2) {
                lines.connected(origin);
            } else if (dice == 3 && !waiting.empty()) {
                const auto at = waiting.begin() + static_cast<std::ptrdiff_t>(random() % waiting.size());
                lines.withdraw(at->first, at->second);
                waiting.erase(at);
                ++withdrawn;
            } else if (!going.empty()) {
                const auto at = going.begin() + static_cast<std::ptrdiff_t>(random() % going.size());
                lines.leave(at->second);
                going.erase(at);
            }
            let_go();
        }
        CHECK(served + withdrawn == static_cast<int>(last));
    }
}

// Measures what embedding uhost costs beside LuaJIT's own C API, which is what sol2 and its like are made of: to make a
// host, run something and destroy it, and to call a function a million times; in the process, where the peer's function
// runs, and in the sandbox, where it does not.
//
// Prints: name, seconds of ours, seconds of the peer, ratio, target, same answer; separated by tabs. Of a few rounds in
// turns, the fastest counts.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <lua.hpp>

#include "host/embed/run.hpp"

namespace {

constexpr int rounds = 5, hosts = 100, calls = 1'000'000, json_calls = 200'000, sandboxed_calls = 20'000, batch = 10'000;
constexpr const char* rule =
    "function(path, n) if path:find('^tests/crashes/') and n % 3 == 0 then return n end return 0 end";

double seconds_of(const auto& body, double& answer) {
    const auto begin = std::chrono::steady_clock::now();
    answer = body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void compare(const char* name, const char* target, const auto& ours, const auto& peer) {
    double fastest = std::numeric_limits<double>::max(), fastest_peer = fastest, answer = 0, expected = 0;
    for (int round = 0; round < rounds; ++round) {
        fastest = std::min(fastest, seconds_of(ours, answer));
        fastest_peer = std::min(fastest_peer, seconds_of(peer, expected));
    }
    std::printf("%s\t%.4f\t%.4f\t%.2f\t%s\t%s\n", name, fastest, fastest_peer, fastest / fastest_peer, target,
                answer == expected ? "yes" : "no");
    std::fflush(stdout);
}

uhost::HostOptions quiet() {
    uhost::HostOptions options;
    options.read_settings_file = false;
    return options;
}

double hosts_made() {
    double sum = 0;
    for (int i = 0; i < hosts; ++i) {
        uhost::Host host(quiet());
        sum += host.run_code("return 6 * 7", "bench", {});
    }
    return sum;
}

double states_made() {
    double sum = 0;
    for (int i = 0; i < hosts; ++i) {
        lua_State* L = luaL_newstate();
        luaL_openlibs(L);
        if (luaL_dostring(L, "return 6 * 7") == 0) sum += lua_tonumber(L, -1);
        lua_close(L);
    }
    return sum;
}

// The same calls by the C API.
class Peer {
public:
    Peer() : L_(luaL_newstate()) {
        luaL_openlibs(L_);
        if (luaL_dostring(L_, (std::string("return ") + rule).c_str()) != 0) std::puts(lua_tostring(L_, -1));
    }
    ~Peer() { lua_close(L_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    double sum(int count) {
        double sum = 0;
        for (int i = 0; i < count; ++i) {
            lua_pushvalue(L_, -1);
            lua_pushliteral(L_, "tests/crashes/1.rs");
            lua_pushnumber(L_, i);
            if (lua_pcall(L_, 2, 1, 0) == 0) sum += lua_tonumber(L_, -1);
            lua_pop(L_, 1);
        }
        return sum;
    }

private:
    lua_State* L_;
};

double sum_of_list(const std::string& json) {
    double sum = 0;
    for (std::size_t at = 0; at != std::string::npos; at = json.find(',', at + 1)) sum += std::stod(json.substr(at + 1, 20));
    return sum;
}

double batched(const uhost::Policy& policy) {
    double sum = 0;
    for (int begin = 0; begin < calls; begin += batch) {
        std::string lists = "[";
        for (int i = begin; i < begin + batch; ++i) {
            lists += (i == begin ? "" : ",") + ("[\"tests/crashes/1.rs\"," + std::to_string(i)) + "]";
        }
        sum += sum_of_list(policy.map_json("rule", lists + "]"));
    }
    return sum;
}

}  // namespace

int main() {
    Peer peer;
    compare("embedding: 100 hosts made, run and destroyed", "<= 3", hosts_made, states_made);

    uhost::Host host(quiet());
    const uhost::Function function(host, std::string("return ") + rule, "rule");
    const auto called = [&] {
        double sum = 0;
        for (int i = 0; i < calls; ++i) sum += std::get<double>(function({"tests/crashes/1.rs", i}));
        return sum;
    };
    compare("embedding: 1,000,000 calls in the process", "<= 3", called, [&] { return peer.sum(calls); });
    const auto called_with_json = [&] {
        double sum = 0;
        for (int i = 0; i < json_calls; ++i) {
            sum += std::stod(function.call_json("[\"tests/crashes/1.rs\"," + std::to_string(i) + "]"));
        }
        return sum;
    };
    compare("embedding: 200,000 calls with JSON", "-", called_with_json, [&] { return peer.sum(json_calls); });

    const auto folder = std::filesystem::temp_directory_path() / ("uhost-bench-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "bench.lua") << "return { rule = " << rule << " }";
    {
        const uhost::Policy policy(host, "bench", folder.string());
        const auto one_by_one = [&] {
            double sum = 0;
            for (int i = 0; i < sandboxed_calls; ++i) sum += std::get<double>(policy.call("rule", {"tests/crashes/1.rs", i}));
            return sum;
        };
        compare("embedding: 20,000 calls of a policy in its sandbox", "-", one_by_one, [&] { return peer.sum(sandboxed_calls); });
        compare("embedding: 1,000,000 calls of a policy, 10,000 at once", "-", [&] { return batched(policy); },
                [&] { return peer.sum(calls); });
    }
    std::filesystem::remove_all(folder);
}

#include <algorithm>
#include <array>

#include "api/process/binding.hpp"
#include "api/process/command.hpp"
#include "api/process/signals.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/host.hpp"

namespace uhost::process {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;

// SIGCHLD is how the host hears of the end of its programs; the others say that the host itself is broken.
constexpr std::array untakable{SIGKILL, SIGSTOP, SIGCHLD, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

int next_signal(Call& call);
constexpr Function signals_methods[]{{"__call", next_signal, Waits::yes}};
const bind::Type<Signals> signals_type{{"process.Signals", signals_methods, nullptr}};

int next_signal(Call& call) {
    const auto signals = signals_type.share(call);
    if (signals->ready()) return call.give(signal_name(signals->take()));
    if (signals->awaited()) {
        throw Error("process.signals", "another task waits for these signals already").hint("let one task take them");
    }
    return call.wait([&](bind::Waker waker) {
        signals->when_ready([signals, waker] {
            waker.wake([signals](Call& results) { return results.give(signal_name(signals->take())); });
        });
        return [signals] { signals->when_ready(nullptr); };
    });
}

}  // namespace

// Whoever is limited must not make itself deaf to Ctrl-C.
int signals(Call& call) {
    if (call.host().permissions().limited()) {
        throw Error("permission.denied", "signals are not for scripts whose permissions are limited")
            .hint("run it without --safe and --allow-…");
    }
    std::vector<int> numbers;
    const int count = static_cast<int>((call.table(1, "names"), lua_objlen(call.state(), 1)));
    for (int i = 1; i <= count; ++i) {
        lua_rawgeti(call.state(), 1, i);
        const char* name = lua_type(call.state(), -1) == LUA_TSTRING ? lua_tostring(call.state(), -1) : "";
        const int number = signal_number(name).value_or(0);
        if (number <= 0 || std::ranges::find(untakable, number) != untakable.end()) {
            call.bad_item(1, "names", static_cast<std::size_t>(i),
                          "the name of a signal that can be taken, such as \"SIGHUP\"");
        }
        lua_pop(call.state(), 1);
        numbers.push_back(number);
    }
    return signals_type.give(call, std::make_shared<Signals>(call.host().loop(), numbers));
}

}  // namespace uhost::process

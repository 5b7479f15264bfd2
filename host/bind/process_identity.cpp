#include "host/bind/process_identity.hpp"

#include "host/core/process_identity.hpp"

namespace uhost::bind {

int this_process(Call& call) {
    const auto process = uhost::this_process();
    call.new_table(0, 4).field("machine", process.machine).field("scope", process.scope);
    call.field("pid", process.pid).field("began", process.began);
    return 1;
}

int is_gone(Call& call) {
    const auto scope = std::string(call.text(1, "scope"));
    return call.give(uhost::is_gone({{}, scope, call.integer(2, "pid"), call.integer(3, "began")}));
}

}  // namespace uhost::bind

// `hash`: digests of texts and files.
#include "api/hash/digest.hpp"
#include "host/bind/call.hpp"
#include "host/bind/module.hpp"
#include "host/runtime/file_access.hpp"

namespace uhost::hash {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;

Algorithm algorithm_at(Call& call, int index) {
    const auto algorithm = algorithm_named(call.text_or(index, "algorithm", "sha256"));
    if (!algorithm) call.bad_argument(index, "algorithm", "\"sha256\", \"sha1\", \"sha512\" or \"md5\"");
    return *algorithm;
}

int text(Call& call) { return call.give(digest(call.text(1, "text"), algorithm_at(call, 2))); }

int file(Call& call) {
    return call.work([place = files::require_reading(call.host(), call.text(1, "path")),
                      algorithm = algorithm_at(call, 2)](std::stop_token stop) -> bind::Finish {
        return [digest = file_digest(place, algorithm, stop)](Call& results) { return results.give(digest); };
    });
}

constexpr Function functions[]{{"text", text}, {"file", file, Waits::yes}};

}  // namespace
}  // namespace uhost::hash

extern "C" int luaopen_uhost_hash(lua_State* L) { return uhost::bind::module(L, "hash", uhost::hash::functions); }

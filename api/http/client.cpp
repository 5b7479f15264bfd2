#include "api/http/client.hpp"

#include "api/http/network_client.hpp"
#include "api/http/recording/clients.hpp"
#include "host/runtime/services.hpp"
#include "host/settings/settings.hpp"

namespace uhost::http {
namespace {

std::shared_ptr<Client> make_client(Loop& loop, const Settings& settings, const Environment& environment,
                                    Vault& vault) {
    const auto record = settings.text("http.record").value_or(""), replay = settings.text("http.replay").value_or("");
    if (!record.empty() && !replay.empty()) {
        throw Error("settings", "http.record and http.replay are both set").hint("record first, then replay");
    }
    if (!replay.empty()) return std::make_shared<ReplayClient>(loop, Cassette(replay), vault);
    auto network = std::make_unique<NetworkClient>(loop, network_from(settings, environment));
    if (record.empty()) return network;
    const auto existing = settings.flag("http.replace_recording").value_or(false) ? Recorder::Existing::replace
                                                                                  : Recorder::Existing::keep;
    return std::make_shared<RecordingClient>(std::move(network), std::make_unique<Recorder>(record, existing), vault);
}

}  // namespace

Client& shared_client(Services& services, Loop& loop, const Settings& settings, const Environment& environment,
                      Vault& vault) {
    return services.get<Client>("http.client", [&] { return make_client(loop, settings, environment, vault); });
}

bool uses_recording(const Settings& settings) {
    return !settings.text("http.record").value_or("").empty() || !settings.text("http.replay").value_or("").empty();
}

}  // namespace uhost::http

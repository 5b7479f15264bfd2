#include "api/git/remote/transfer.hpp"

#include <git2.h>

#include "api/git/remote/url.hpp"

namespace uhost::git {
namespace {

thread_local Transfer* current_transfer = nullptr;

constexpr std::size_t max_message = 400;

Transfer& transfer_of(void* payload) noexcept { return *static_cast<Transfer*>(payload); }

int stop_or_go(const Transfer& transfer) { return transfer.stopped() ? GIT_EUSER : 0; }

int on_transfer(const git_indexer_progress* stats, void* payload) noexcept {
    auto& transfer = transfer_of(payload);
    auto& progress = transfer.progress();
    progress.total_objects = stats->total_objects;
    progress.received_objects = stats->received_objects;
    progress.indexed_objects = stats->indexed_objects;
    progress.total_deltas = stats->total_deltas;
    progress.received_bytes = stats->received_bytes;
    return stop_or_go(transfer);
}

int on_sideband(const char* text, int size, void* payload) noexcept {
    auto& transfer = transfer_of(payload);
    return transfer.guard([&] {
        transfer.progress().set_message({text, static_cast<std::size_t>(size)});
        return stop_or_go(transfer);
    });
}

int on_pack(int, std::uint32_t, std::uint32_t total, void* payload) noexcept {
    auto& transfer = transfer_of(payload);
    transfer.progress().objects_to_send = total;
    return stop_or_go(transfer);
}

int on_push(unsigned sent, unsigned total, std::size_t bytes, void* payload) noexcept {
    auto& transfer = transfer_of(payload);
    auto& progress = transfer.progress();
    progress.sent_objects = sent;
    progress.objects_to_send = total;
    progress.sent_bytes = bytes;
    return stop_or_go(transfer);
}

}  // namespace

const int Transfer::stop_code = GIT_EUSER;

std::string Progress::message() const {
    const std::lock_guard guard(mutex_);
    return message_;
}

// The other side redraws its line with carriage returns; the last line that is not empty is what it says now.
void Progress::set_message(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    text.remove_prefix(text.find_last_of("\r\n") + 1);
    if (text.empty()) return;
    std::string line(text.substr(0, max_message));
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    const std::lock_guard guard(mutex_);
    message_ = std::move(line);
}

Transfer::Transfer(const RemoteAccess& access, std::string url, std::stop_token stop,
                   std::shared_ptr<Progress> progress)
    : access_(access),
      url_(std::move(url)),
      stop_(std::move(stop)),
      progress_(progress ? std::move(progress) : std::make_shared<Progress>()),
      outer_(std::exchange(current_transfer, this)) {}

Transfer::~Transfer() { current_transfer = outer_; }

Transfer* Transfer::current() noexcept { return current_transfer; }

void Transfer::fail(Error error) {
    if (!failure_) failure_ = std::move(error);
}

Error redirected_error(const std::string& url, const std::string& peer) {
    const auto shown = without_credentials(url);
    return Error("git.auth", shown + " redirects to " + peer + ", which asks for a login or would see ours")
        .hint(
            "credentials are sent only where they belong; if the move is right, set the remote's URL to the new "
            "address")
        .with("url", shown)
        .with("peer", peer);
}

void set_progress_callbacks(git_remote_callbacks& callbacks, Transfer& transfer) {
    callbacks.payload = &transfer;
    callbacks.transfer_progress = on_transfer;
    callbacks.sideband_progress = on_sideband;
    callbacks.pack_progress = on_pack;
    callbacks.push_transfer_progress = on_push;
}

}  // namespace uhost::git

#include "api/http/file_sink.hpp"

#include <algorithm>

namespace uhost::http {
namespace {

constexpr std::size_t longest_refusal = 64 * 1024;

}  // namespace

void FileSink::begin(const Response& response) {
    if (response.status / 100 == 2) download_.emplace(file_, AtomicFileOptions{.kind = "http.file"});
}

Sink::Took FileSink::write(std::string_view bytes) {
    if (download_) {
        download_->write(bytes);
    } else {
        refusal_.append(bytes.substr(0, longest_refusal - std::min(refusal_.size(), longest_refusal)));
    }
    return Took::all;
}

void FileSink::finish(Response& response) {
    response.body = std::move(refusal_);
    if (download_) download_->commit();
}

}  // namespace uhost::http

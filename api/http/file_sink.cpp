#include "api/http/file_sink.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "host/core/error.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t longest_refusal = 64 * 1024;

Error file_error(const std::filesystem::path& file, const char* what) {
    const int code = errno;
    return system_error("http.file", std::string("cannot ") + what + " " + file.string(), code);
}

// mkstemp makes files for their owner only; a download gets the permissions that any new file gets.
void give_usual_permissions(int descriptor) {
    const mode_t mask = umask(0);
    umask(mask);
    [[maybe_unused]] const int ignored = fchmod(descriptor, 0666 & ~mask);
}

}  // namespace

FileSink::~FileSink() {
    stream_.reset();
    if (!partial_.empty()) unlink(partial_.c_str());
}

void FileSink::begin(const Response& response) {
    if (response.status / 100 != 2) return;
    std::string name = file_.string() + ".part-XXXXXX";
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0) throw file_error(file_, "create");
    partial_ = name;
    give_usual_permissions(descriptor);
    stream_.reset(fdopen(descriptor, "wb"));
    if (!stream_) {
        close(descriptor);
        throw file_error(file_, "create");
    }
}

Sink::Took FileSink::write(std::string_view bytes) {
    if (!stream_) {
        refusal_.append(bytes.substr(0, longest_refusal - std::min(refusal_.size(), longest_refusal)));
    } else if (std::fwrite(bytes.data(), 1, bytes.size(), stream_.get()) != bytes.size()) {
        throw file_error(file_, "write");
    }
    return Took::all;
}

void FileSink::finish(Response& response) {
    response.body = std::move(refusal_);
    if (!stream_) return;
    if (std::fflush(stream_.get()) != 0 || fsync(fileno(stream_.get())) != 0) throw file_error(file_, "write");
    stream_.reset();
    if (std::rename(partial_.c_str(), file_.c_str()) != 0) throw file_error(file_, "write");
    partial_.clear();
}

}  // namespace uhost::http

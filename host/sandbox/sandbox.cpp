#include "host/sandbox/sandbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "host/core/error.hpp"
#include "host/sandbox/plain_data.hpp"

namespace uhost::sandbox {
namespace {

constexpr int short_wait_ms = 1;
constexpr int max_start_ms = 2000;
// What a worker may ask of the host for one request, and send before others on the loop get their turn.
constexpr std::size_t max_sources = 1000, max_source_bytes = std::size_t{64} << 20;
constexpr int max_frames_at_a_time = 64;

// A map says after its function how many lists of arguments follow.
std::size_t items_of(Operation operation, std::string_view payload) {
    if (operation != Operation::map) return 1;
    DataReader reader(payload);
    reader.text();
    return static_cast<std::size_t>(reader.number().value_or(1));
}

// What a request is about: it begins with its function; a load, with its file.
std::string subject_of(Operation operation, std::string_view payload) {
    return operation == Operation::load ? "loading it" : DataReader(payload).text_or("");
}

}  // namespace

std::optional<Layers> read_layers(std::string_view payload) {
    DataReader reader(payload);
    Layers layers;
    for (std::size_t layer = 0; layer < Layers::count; ++layer) {
        const auto holds = reader.number();
        if (!holds) return std::nullopt;
        layers.at(layer) = *holds != 0;
    }
    return layers;
}

std::string refused_layers(Layers layers) {
    std::string list;
    for (std::size_t layer = 0; layer < Layers::count; ++layer) {
        if (layers.at(layer)) continue;
        list += list.empty() ? "" : ", ";
        list += Layers::names[layer];
    }
    return list;
}

Failure failure_of_refused(Layers layers) {
    return {"worker", "the kernel refuses layers of the sandbox: " + refused_layers(layers), "",
            "without --require-sandbox, policies run within the layers that are left", ""};
}

Failure read_failure(std::string_view payload) {
    constexpr std::array kinds{"syntax", "failed", "result", "value", "no_function", "timeout", "memory"};
    constexpr std::size_t max_text_bytes = 4096;  // a worker's own are shorter
    DataReader reader(payload);
    const auto text = [&] { return reader.text_or("").substr(0, max_text_bytes); };
    const auto count = [&] {
        const double given = reader.number().value_or(0);
        return given > 0 ? static_cast<int>(std::min(given, 1e9)) : 0;  // also where it is no number
    };
    Failure failure;
    failure.kind = text();
    if (std::ranges::find(kinds, failure.kind) == kinds.end()) {
        return {"died", "its process sent what cannot be read", "", "load it again", ""};
    }
    failure.message = text();
    failure.file = text();
    failure.line = count();
    failure.item = static_cast<std::size_t>(count());
    failure.remedy = text();
    failure.subject = text();
    failure.path = text();
    failure.problem = text();
    return failure;
}

Sandbox::Sandbox(Loop& loop, std::filesystem::path worker, WorkerLimits limits, FindSource find_source)
    : loop_(loop), program_(std::move(worker)), limits_(limits), find_source_(std::move(find_source)) {}

Sandbox::~Sandbox() { stop_worker(); }

void Sandbox::start_worker() {
    layers_.reset();
    worker_ = std::make_unique<WorkerProcess>(program_, limits_);
    if (!rules_.empty() && (requests_.empty() || requests_.front().operation != Operation::load)) {
        requests_.push_front({++last_ticket_, Operation::load, rules_, {}, true});
    }
}

void Sandbox::stop_worker() {
    poll_.reset();
    timer_.reset();
    worker_.reset();
}

Sandbox::Ticket Sandbox::ask(Operation operation, std::string payload) {
    const Ticket ticket = ++last_ticket_;
    const auto items = items_of(operation, payload);
    requests_.push_back({ticket, operation, std::move(payload), {}, false, items});
    if (requests_.size() == 1) send_first();
    return ticket;
}

void Sandbox::send_first() {
    if (!worker_ || worker_->gone()) {
        stop_worker();
        try {
            start_worker();
        } catch (const Error& error) {
            return finish(Failure{"worker", error.message(), "", error.hint(), ""});
        }
    }
    const auto& request = requests_.front();
    signs_of_life_ = sources_ = source_bytes_ = 0;
    if (request.payload.size() > max_frame_bytes) {
        return finish(Failure{"value", fmt::format("what is passed takes more than {} MiB", max_frame_bytes >> 20), "",
                              "pass less at a time", subject_of(request.operation, request.payload)});
    }
    if (!worker_->send(request.operation, request.payload)) return worker_died();
    if (poll_) expect_life();
}

bool Sandbox::is_next(Ticket ticket) const {
    const auto first = std::ranges::find(requests_, false, &Request::reloads);
    return first != requests_.end() && first->ticket == ticket;
}

std::optional<Reply> Sandbox::take_soon(Ticket ticket) {
    const auto taken = [&]() -> std::optional<Reply> {
        const auto found = replies_.find(ticket);
        if (found == replies_.end()) return std::nullopt;
        auto reply = std::move(found->second);
        replies_.erase(found);
        return reply;
    };
    if (auto reply = taken()) return reply;
    if (requests_.empty() || poll_ || !is_next(ticket)) return std::nullopt;
    worker_->wait(short_wait_ms);
    pump();
    return taken();
}

void Sandbox::when_answered(Ticket ticket, std::function<void(Reply)> answered) {
    const auto found = std::ranges::find(requests_, ticket, &Request::ticket);
    if (found == requests_.end()) return;
    found->answered = std::move(answered);
    if (!poll_) watch();
}

void Sandbox::forget(Ticket ticket) {
    replies_.erase(ticket);
    const auto found = std::ranges::find(requests_, ticket, &Request::ticket);
    if (found == requests_.end()) return;
    const bool in_progress = is_next(ticket);
    requests_.erase(found);
    if (!in_progress) return;
    while (!requests_.empty() && requests_.front().reloads) requests_.pop_front();
    stop_worker();
    if (requests_.empty()) return;
    send_first();
    watch();
}

void Sandbox::watch() {
    if (!worker_ || requests_.empty()) return;
    auto memory = std::make_unique<uv_poll_t>();
    Loop::check(uv_poll_init(loop_.raw(), memory.get(), worker_->socket()), "watch the sandbox worker");
    poll_.reset(memory.release());
    poll_->data = this;
    const auto ready = [](uv_poll_t* poll, int, int) { static_cast<Sandbox*>(poll->data)->pump(); };
    Loop::check(uv_poll_start(poll_.get(), UV_READABLE, ready), "watch the sandbox worker");
    expect_life();
}

/// The worker ends a call itself when its time is over; this is for what cannot be interrupted from within.
void Sandbox::expect_life() {
    processor_ns_ = worker_->processor_ns();
    rounds_ = 0;
    start_timer();
}

void Sandbox::start_timer() {
    const double timeout_s = static_cast<double>(limits_.deadline_ms) * 1.25e-3 + 0.1;
    timer_ = std::make_unique<Timer>(loop_, timeout_s, [this] { on_deadline(); });
}

void Sandbox::on_deadline() {
    // On a busy machine this may run late, with the answer waiting to be read.
    const auto asked = std::pair(requests_.front().ticket, signs_of_life_);
    pump();
    if (!worker_ || !timer_ || requests_.empty() || std::pair(requests_.front().ticket, signs_of_life_) != asked) return;
    // One that got no turn on a busy machine is not one that does not end.
    const bool used_its_time = worker_->processor_ns() - processor_ns_ >= limits_.deadline_ms * 1'000'000;
    if (!used_its_time && ++rounds_ < busy_machine) return start_timer();
    const auto& request = requests_.front();
    Failure failure{
        "timeout", too_long(limits_.deadline_ms) + " and could not be interrupted", "",
        "look for a pattern that backtracks without end (string.find, gsub), and for a loop that catches errors",
        subject_of(request.operation, request.payload)};
    stop_worker();
    finish(std::move(failure));
}

/// Takes what the worker has sent.
void Sandbox::pump() {
    // What is left is taken when the loop comes round again.
    for (int frames = 0; worker_ && frames < max_frames_at_a_time; ++frames) {
        const auto frame = worker_->receive();
        if (!frame) break;
        take_frame(*frame);
    }
    if (worker_ && worker_->gone()) worker_died();
    if (requests_.empty()) {
        poll_.reset();
        timer_.reset();
    }
}

void Sandbox::take_frame(const WorkerProcess::Frame& frame) {
    switch (frame.operation) {
        case Operation::alive:
            return take_sign_of_life(frame.payload);
        case Operation::source_wanted:
            return give_source(frame.payload);
        case Operation::value:
            if (!requests_.empty()) return finish(frame.payload);
            return;
        case Operation::failure:
            if (!requests_.empty()) return finish(read_failure(frame.payload));
            return;
        default:
            return worker_died();
    }
}

/// The first says what keeps the worker in; each further one, that it has an item of a list behind it.
void Sandbox::take_sign_of_life(std::string_view payload) {
    if (!layers_) {
        layers_ = read_layers(payload);
        if (!layers_) return worker_died();
        if (report_layers_) report_layers_(*layers_);
        if (timer_) expect_life();  // its start is not the rules' time
        return;
    }
    const bool is_of_list = !requests_.empty() && requests_.front().operation == Operation::map;
    if (!is_of_list || ++signs_of_life_ > requests_.front().items) return worker_died();
    if (timer_) expect_life();
}

bool Sandbox::send_source(Operation operation, const std::string& answer) {
    source_bytes_ += answer.size();
    return ++sources_ <= max_sources && source_bytes_ <= max_source_bytes && worker_->send(operation, answer);
}

void Sandbox::give_source(std::string_view payload) {
    if (requests_.empty()) return worker_died();
    std::string answer;
    DataWriter writer(answer);
    auto operation = Operation::source;
    try {
        const auto source = find_source_(DataReader(payload).text_or(""));
        writer.write(source.chunk_name);
        writer.write(source.text);
    } catch (const Error& error) {
        answer.clear();
        writer.write(error.message());
        operation = Operation::no_source;
    }
    if (!send_source(operation, answer)) worker_died();
}

/// Ends the first request.
void Sandbox::finish(Reply reply) {
    auto request = std::move(requests_.front());
    requests_.pop_front();
    const auto* const failure = std::get_if<Failure>(&reply);
    // Code that was stopped halfway may have left its own data half changed.
    if (failure != nullptr && (failure->kind == "timeout" || failure->kind == "memory")) stop_worker();
    if (request.operation == Operation::load && failure == nullptr) rules_ = request.payload;
    if (!request.reloads) {
        if (request.answered) {
            request.answered(std::move(reply));
        } else {
            replies_.emplace(request.ticket, std::move(reply));
        }
    } else if (failure != nullptr && !requests_.empty()) {
        // The rules were loaded before; a request that comes first meets what keeps them from it now.
        return finish(std::move(reply));
    }
    if (requests_.empty()) return;
    const bool watched = poll_ != nullptr;
    send_first();
    if (!watched) watch();
}

void Sandbox::worker_died() {
    // It may have said what it lacks, and ended before it was asked anything.
    if (const auto frame = layers_ ? std::nullopt : worker_->receive(); frame && frame->operation == Operation::alive) {
        layers_ = read_layers(frame->payload);
        if (layers_ && report_layers_) report_layers_(*layers_);
    }
    const bool is_refused = limits_.all_layers && layers_ && !refused_layers(*layers_).empty();
    const auto how = worker_->end();
    stop_worker();
    if (requests_.empty()) return;
    if (is_refused) {
        return finish(failure_of_refused(*layers_));
    }
    const auto& request = requests_.front();
    const bool forbidden = how.starts_with("signal 31");
    finish(Failure{
        "died",
        forbidden ? std::string("it tried what the sandbox forbids") : fmt::format("its process ended with {}", how),
        "", "look at what it does that could need so much memory, stack or time",
        subject_of(request.operation, request.payload)});
}

std::optional<Layers> Sandbox::layers() {
    if (!worker_) {
        stop_worker();
        start_worker();
    }
    // Without a request no call has failed by the worker's end: what it said before counts.
    for (int waited = 0; !layers_ && worker_ && waited < max_start_ms; waited += 10) {
        worker_->wait(10);
        pump();
    }
    return layers_;
}

}  // namespace uhost::sandbox

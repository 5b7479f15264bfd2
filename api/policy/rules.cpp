#include "api/policy/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/excerpt.hpp"
#include "host/sandbox/plain_data.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::policy {
namespace {

// What the rules themselves did; the other kinds are about what they are.
bool happened_in_a_call(const std::string& kind) {
    return kind == "failed" || kind == "timeout" || kind == "memory" || kind == "died";
}

}  // namespace

Rules::Rules(std::string name, PolicyFolders folders, Loop& loop, const std::filesystem::path& worker,
             sandbox::WorkerLimits limits)
    : name_(std::move(name)),
      folders_(std::move(folders)),
      sandbox_(loop, worker, limits, [this](std::string_view wanted) { return find_required(wanted); }) {}

std::string Rules::read() {
    stamps_.clear();
    required_.clear();
    for (const auto& folder : {folders_.shipped, folders_.own.path}) {
        if (!folder.empty()) watch(folder / fmt::format("{}.lua", name_));
    }
    layers_ = find_policy(name_, folders_);
    std::string payload;
    sandbox::DataWriter writer(payload);
    for (const auto& layer : layers_) {
        writer.write(fmt::format("@{}", layer.path.string()));
        writer.write(layer.source);
    }
    latest_ = payload;
    return payload;
}

bool Rules::changed() const {
    // Without any layer there is nothing to load: an editor may be about to put the file back.
    const auto is_there = [](const PolicyFile& layer) { return stamp_of(layer.path) != FileStamp(); };
    return std::ranges::any_of(stamps_, [](const auto& known) { return stamp_of(known.first) != known.second; }) &&
           std::ranges::any_of(layers_, is_there);
}

std::vector<std::string> Rules::files() const {
    std::vector<std::string> files;
    for (const auto& layer : layers_) files.push_back(layer.path.string());
    for (const auto& required : required_) files.push_back(required.path.string());
    return files;
}

/// The user's own file of that name, else the shipped one: what is required is code, and not merged.
sandbox::Sandbox::Source Rules::find_required(std::string_view name) {
    auto found = std::move(find_policy(name, folders_).back());
    watch(found.path);
    sandbox::Sandbox::Source source{fmt::format("@{}", found.path.string()), found.source};
    std::erase_if(required_, [&](const PolicyFile& known) { return known.path == found.path; });
    required_.push_back(std::move(found));
    return source;
}

bool Rules::has_file(std::string_view file) const {
    const auto is_it = [&](const PolicyFile& each) { return each.path == file; };
    return std::ranges::any_of(layers_, is_it) || std::ranges::any_of(required_, is_it);
}

// The text of a file of these rules, as it was read; "" for any other, whatever the worker says.
std::string_view Rules::source_of(std::string_view file) const {
    for (const auto* files : {&layers_, &required_}) {
        const auto found = std::ranges::find_if(*files, [&](const PolicyFile& each) { return each.path == file; });
        if (found != files->end()) return found->source;
    }
    return {};
}

Error Rules::error_of(const sandbox::Failure& failure, const Vault& vault) const {
    const bool is_ours = has_file(failure.file);
    const auto where = is_ours ? failure.file : file();
    const auto line = is_ours || failure.file.empty() ? failure.line : 0;
    const auto place = line > 0 ? fmt::format("{}:{}", where, line) : where;
    const auto doing =
        happened_in_a_call(failure.kind) && !failure.subject.empty() ? failure.subject + " failed: " : "";
    Error error(fmt::format("policy.{}", failure.kind), fmt::format("{}: {}{}", place, doing, failure.message));
    std::move(error).hint(failure.remedy.empty() ? "correct the rule there, or the data it was given" : failure.remedy);
    std::move(error).with("policy", name_).with("path", where).with("reason", failure.message);
    if (!failure.remedy.empty()) std::move(error).with("remedy", failure.remedy);
    if (line > 0) {
        std::move(error).with("line", std::int64_t{line});
        const auto shown = excerpt(vault.mask(source_of(where)), line, failure.message);
        if (!shown.empty()) std::move(error).with("excerpt", shown);
    }
    if (!failure.problem.empty()) {
        const bool in_table = failure.path.starts_with('.');
        std::move(error).with("field", failure.path.substr(in_table ? 1 : 0)).with("problem", failure.problem);
    }
    if (failure.item > 0) std::move(error).with("item", static_cast<std::int64_t>(failure.item));
    if (failure.subject != "loading it") std::move(error).with("function", failure.subject);
    return error;
}

}  // namespace uhost::policy

#include "host/plan/confined_commands.hpp"

#include <fmt/format.h>

#include <system_error>

#include "host/core/error.hpp"

namespace uhost {

const std::filesystem::path& ConfinedCommands::folder() {
    if (!folder_) folder_.emplace(parent_, "plan.confinement");
    return folder_->path();
}

void ConfinedCommands::confine(SpawnOptions& options) {
    const auto own = folder().string();
    options.environment = with_changes(options.environment, {{"TMPDIR", own}});
    try {
        std::vector<std::string> writable;
        for (const auto& folder : TemporaryFolder::all()) writable.push_back(folder.string());
        options.confinement = std::make_shared<ReadOnlyConfinement>(writable);
    } catch (const std::system_error& failure) {
        throw Error("plan.confinement",
                    "this dry run cannot run a command that does not say whether it changes anything")
            .hint("the kernel has no Landlock to keep it from that; give the command reads = true or mutates = \"…\"")
            .native(failure.what());
    }
}

void ConfinedCommands::ended(const std::string& command, int code, int signal) {
    std::string summary = "ran where it can change nothing";
    if (signal != 0) summary += fmt::format(", and was ended by signal {}", signal);
    if (signal == 0 && code != 0) {
        summary += fmt::format(", and ended with code {}: it may have tried to change something", code);
    }
    plan_.note({"process.run", command, std::move(summary), {}});
}

}  // namespace uhost

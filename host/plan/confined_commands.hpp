#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/core/spawn.hpp"
#include "host/core/temporary_folder.hpp"
#include "host/plan/plan.hpp"

namespace uhost {

class Host;

/// Programs that a dry run starts although they do not say what they change: they run where they can change nothing but
/// temporary folders of this process (see ReadOnlyConfinement), and the plan says how they ended. Loop thread only.
class ConfinedCommands {
public:
    ConfinedCommands(Plan& plan, std::filesystem::path temporary_folder)
        : plan_(plan), parent_(std::move(temporary_folder)) {}

    /// Confines what is about to be started, and gives it a TMPDIR that it may write to. Throws `plan.confinement`
    /// where this kernel cannot do that.
    void confine(SpawnOptions& options);
    /// Notes in the plan that it ran.
    void ended(const std::string& command, int code, int signal);
    /// The folder of TMPDIR.
    const std::filesystem::path& folder();

private:
    Plan& plan_;
    std::filesystem::path parent_;
    std::optional<TemporaryFolder> folder_;
};

/// The one of a host.
ConfinedCommands& confined_commands(Host& host);

}  // namespace uhost

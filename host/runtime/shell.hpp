#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "host/core/descriptor.hpp"
#include "host/core/environment.hpp"
#include "host/core/temporary_folder.hpp"
#include "host/runtime/output.hpp"

namespace uhost {

/// Runs a command as system(3) does, in the same session and with the same standard input, while what it prints passes
/// through `output`, where secrets are masked. Blocks until it ends; what it leaves running in the background is not
/// waited for. Returns its wait(2) status, -1 if it cannot be started.
int run_shell(const std::string& command, const Environment& environment, const Output& output);

/// What a command prints beside the pipe that a script has of it. It goes into files, since nobody reads it while the
/// script reads the pipe, and is passed on from there, so that secrets are masked.
class CommandOutput {
public:
    enum class Streams { error, both };

    /// Makes the files below the folder `parent`. Throws `io`.
    CommandOutput(const std::filesystem::path& parent, Streams streams);

    /// The command as the shell has to get it.
    std::string redirected(std::string_view command) const;
    /// Passes on what was printed since the last time.
    void pass_on(const Output& output) const;

private:
    Descriptor file(const char* name) const;

    TemporaryFolder folder_;
    Descriptor error_, output_;  // the second only for both streams
};

}  // namespace uhost

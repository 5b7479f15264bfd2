#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/policy/policy_file.hpp"
#include "host/core/error.hpp"
#include "host/sandbox/sandbox.hpp"

namespace uhost {
class Vault;
}

namespace uhost::policy {

/// The rules of one policy: the files they come from, and the sandbox they run in. Loop thread only.
class Rules {
public:
    /// Reads nothing yet.
    Rules(std::string name, PolicyFolders folders, Loop& loop, const std::filesystem::path& worker,
          sandbox::WorkerLimits limits);

    /// Reads the layers, for the sandbox's `load`. Throws what find_policy throws.
    std::string read();
    /// Whether a file of the rules, or one they require, was edited, made or removed since they were read, and a layer
    /// is left. Looks at the files, not into them.
    bool changed() const;
    /// What was read last is good; restored() then gives it again.
    void accept() { accepted_ = latest_; }
    const std::string& restored() const { return accepted_; }

    const std::string& name() const { return name_; }
    /// As of the last read(), the lowest first.
    const std::vector<PolicyFile>& layers() const { return layers_; }
    /// The file that messages name when they know none: the highest layer.
    std::string file() const { return layers_.empty() ? name_ : layers_.back().path.string(); }
    /// The layers, then what they required.
    std::vector<std::string> files() const;

    /// Whether a file is one of these rules', as a worker that was taken over might not say truly.
    bool has_file(std::string_view file) const;

    /// A failure as scripts see it, with policy, file, function, line and item.
    /// Its excerpt is cut from the line, so that secrets are masked before.
    Error error_of(const sandbox::Failure& failure, const Vault& vault) const;

    sandbox::Sandbox& sandbox() { return sandbox_; }

private:
    sandbox::Sandbox::Source find_required(std::string_view name);
    std::string_view source_of(std::string_view file) const;
    void watch(const std::filesystem::path& file) { stamps_[file] = stamp_of(file); }

    std::string name_;
    PolicyFolders folders_;
    std::vector<PolicyFile> layers_;
    std::vector<PolicyFile> required_;
    std::map<std::filesystem::path, FileStamp> stamps_;
    std::string latest_, accepted_;
    sandbox::Sandbox sandbox_;
};

}  // namespace uhost::policy

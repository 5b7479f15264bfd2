#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "host/sandbox/sandbox.hpp"

namespace uhost::sandbox {

/// What a Lua file returns, evaluated in a worker of its own, which is gone afterwards. The values are those of a `load`
/// (protocol.hpp): data, origins, functions. The file may require nothing. Blocks for the worker's start and the file's
/// deadline, ten times as long at most on a busy machine.
Reply evaluate(const std::filesystem::path& worker, const WorkerLimits& limits, std::string_view chunk_name,
               std::string_view source);

}  // namespace uhost::sandbox

// Headers that nearly every source includes; compiled once.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <lua.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

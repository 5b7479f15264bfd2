#pragma once

namespace uhost {

inline constexpr char version[] = "0.1.0";

}  // namespace uhost

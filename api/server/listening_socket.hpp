#pragma once

#include <cstdint>
#include <string>

#include "host/core/descriptor.hpp"

namespace uhost::server {

/// A socket that listens; its connections wait in the kernel until there is room for them. Throws `server.address` when
/// it cannot, `server.address_in_use` when another program does, and with `loopback_only` `server.offline` for an
/// address that other machines reach.
Descriptor listen_at(const std::string& host, std::uint16_t port, bool loopback_only);

/// A socket that listens already, as systemd hands it over. Throws `server.address` for any other descriptor.
Descriptor listening_socket(int descriptor);

std::uint16_t port_of(int socket);

/// Throws `server.offline` when others than this machine reach the socket.
void require_loopback(int socket);

}  // namespace uhost::server

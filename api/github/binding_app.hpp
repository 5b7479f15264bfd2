#pragma once

#include "host/bind/call.hpp"

namespace uhost::github {

/// app(): { id, installation } from the settings; nil when no App is set.
int app(bind::Call& call);
/// app_credential(clock_offset_s): a new JWT of the App, by a clock that is so much ahead of this machine's.
int app_credential(bind::Call& call);
/// request_token(url, credential, name): asks for an installation's token and puts it into the vault under `name`.
/// Gives { status, headers, expires_at } or, when it was refused, { status, headers, body, url, ok = false }. Waits.
int request_token(bind::Call& call);
/// installation_credential(name, graphql): what request_token put there, for the REST or the GraphQL API.
int installation_credential(bind::Call& call);

}  // namespace uhost::github

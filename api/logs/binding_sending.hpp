#pragma once

#include "host/bind/call.hpp"

namespace uhost::logs {

/// gzip(bytes): in the format of gzip.
int gzip(bind::Call& call);
/// text_setting(name): a setting of the primitive, "" where it is not set.
int text_setting(bind::Call& call);
/// host_of(url): the host that an address of a sink leads to, in lower case.
int host_of(bind::Call& call);
/// credential(name, url, scheme, user): the secret of this name for requests to the origin of `url`; nil without it. A
/// user is needed for the scheme "Basic" only.
int credential(bind::Call& call);
/// sign_aws{ … }: see aws_authorization; nil without the secret.
int sign_aws(bind::Call& call);
/// send_stream(url, data): see send_stream. The Lua half makes it a mutation.
int send_to_stream(bind::Call& call);

}  // namespace uhost::logs

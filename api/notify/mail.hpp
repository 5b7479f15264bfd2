#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace uhost::notify {

/// A mail, and the server that takes it.
struct Mail {
    std::string url;  ///< smtp://HOST:PORT, encrypted by STARTTLS, or smtps://HOST:PORT
    std::string user;      ///< "": nobody logs in
    std::string password;  ///< of the user
    std::string ca_file;   ///< authorities to believe; "": the system's
    std::string from;
    std::vector<std::string> to;
    std::string message;  ///< headers and body as they travel, lines ended by CR LF
};

/// Whether an address may stand in a command of SMTP: one "@", and nothing that would end the line or the address.
bool is_address(const std::string& text);

/// Hands a mail over to the server; returns when it has taken it. Blocks; a stop ends it. Without encryption only to
/// this machine. Throws `notify.mail`, whose detail `code` is the server's answer where there is one.
void send_mail(const Mail& mail, const std::stop_token& stop);

}  // namespace uhost::notify

#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::logs {

/// A request to a service that takes AWS Signature Version 4. `path` is encoded already; there is no query.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
struct AwsRequest {
    std::string method, host, path;
    std::string region, service = "s3";
    std::string access_key_id, session_token;  ///< the token is empty for long-lived keys
    std::string payload_hash;                  ///< SHA-256 of the body, in hexadecimal digits
    std::string time;                          ///< "20260131T100000Z"
};

/// The value of the header Authorization. The headers that it covers, which must be sent as well: host,
/// x-amz-content-sha256, x-amz-date, and x-amz-security-token if there is one.
std::string aws_authorization(const AwsRequest& request, const std::string& secret_key);

/// Where a stream goes: "tcp://host:port", or "tls://host:port" with the server's certificate checked.
struct StreamTarget {
    std::string host, port;
    bool is_secure = false;
    std::string ca_file;  ///< empty: the system's

    /// Throws `logs.sink`, or `argument`, for what is no such address.
    static StreamTarget parse(std::string_view url);
};

/// Connects, sends all of `data`, and closes in order, so that the other side gets all of it. Throws `logs.delivery`,
/// and `cancelled` when `stop` is requested.
void send_stream(const StreamTarget& target, std::string_view data, const std::stop_token& stop);

}  // namespace uhost::logs

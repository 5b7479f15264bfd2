-- An endpoint for health checks, in a file that a project can begin with.
local M = {}

local health = {}

health.rust = { "src/health.rs", [==[
//! `GET /healthz` answers 200 while `is_healthy` says so, else 503. For container health checks and load balancers.
//!
//!     std::thread::spawn(|| health::serve("0.0.0.0:8080", || true));
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn answer(stream: TcpStream, is_healthy: &impl Fn() -> bool) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.set_write_timeout(Some(Duration::from_secs(2)))?;
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line)?;
    let (status, body) = if !line.starts_with("GET /healthz ") {
        ("404 Not Found", "{\"status\":\"not found\"}")
    } else if is_healthy() {
        ("200 OK", "{\"status\":\"ok\"}")
    } else {
        ("503 Service Unavailable", "{\"status\":\"unhealthy\"}")
    };
    let length = body.len();
    let head = "Content-Type: application/json\r\nConnection: close";
    write!(
        &stream,
        "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Answers until the process ends. A client that fails is no reason to stop.
pub fn serve(address: &str, is_healthy: impl Fn() -> bool) -> Result<()> {
    for stream in TcpListener::bind(address)?.incoming().flatten() {
        if let Err(error) = answer(stream, &is_healthy) {
            eprintln!("health check: {error}");
        }
    }
    Ok(())
}
]==] }

health.cpp = { "src/health.hpp", [==[
// `GET /healthz` answers 200 while `is_healthy` says so, else 503. For
// container health checks and load balancers, on POSIX systems.
//
//     std::jthread health{[] { health::serve(8080, [] { return true; }); }};
#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

namespace health {

inline void answer(int client, const std::function<bool()> &is_healthy) {
  const timeval patience{2, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  char buffer[1024];
  const ssize_t length = recv(client, buffer, sizeof buffer, 0);
  const std::string_view request(
      buffer, length > 0 ? static_cast<std::size_t>(length) : 0);
  std::string_view status = "404 Not Found";
  std::string_view body = R"({"status":"not found"})";
  if (request.starts_with("GET /healthz ")) {
    const bool healthy = is_healthy();
    status = healthy ? "200 OK" : "503 Service Unavailable";
    body = healthy ? R"({"status":"ok"})" : R"({"status":"unhealthy"})";
  }
  const std::string response =
      "HTTP/1.1 " + std::string(status) +
      "\r\nContent-Type: application/json\r\nConnection: "
      "close\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  send(client, response.data(), response.size(), MSG_NOSIGNAL);
}

// Answers until the process ends. Throws std::system_error when the port cannot
// be had.
inline void serve(std::uint16_t port, const std::function<bool()> &is_healthy) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(port);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener < 0 ||
      bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) !=
          0 ||
      listen(listener, 16) != 0) {
    const int error = errno;
    if (listener >= 0)
      close(listener);
    throw std::system_error(error, std::generic_category(),
                            "health checks on port " + std::to_string(port));
  }
  while (true) {
    const int client = accept(listener, nullptr, nullptr);
    if (client < 0)
      continue;
    answer(client, is_healthy);
    close(client);
  }
}

} // namespace health
]==] }

health.python = { "health.py", [==[
"""``GET /healthz`` answers 200 while ``is_healthy`` says so, else 503.

For container health checks and load balancers::

    health.serve(8080, lambda: True)

``python health.py`` serves it by itself.
"""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(port: int, is_healthy: Callable[[], bool], host: str = "") -> ThreadingHTTPServer:
    """Answer in a thread of its own, until the process ends."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 2

        def do_GET(self) -> None:
            status, word = 404, "not found"
            if self.path == "/healthz":
                status, word = (200, "ok") if is_healthy() else (503, "unhealthy")
            body = json.dumps({"status": word}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    serve(8080, lambda: True)
    threading.Event().wait()
]==] }

health.node = { "health.mjs", [==[
// `GET /healthz` answers 200 while `isHealthy` says so, else 503. For container health checks and load balancers.
//
//     import { serve } from "./health.mjs";
//     serve(8080, async () => true);
import { createServer } from "node:http";

export function serve(port, isHealthy, host) {
  const server = createServer(async (request, response) => {
    let status = 404;
    let word = "not found";
    if (request.method === "GET" && request.url === "/healthz") {
      const healthy = await Promise.resolve()
        .then(isHealthy)
        .catch(() => false);
      status = healthy ? 200 : 503;
      word = healthy ? "ok" : "unhealthy";
    }
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ status: word }));
  });
  server.requestTimeout = 2000;
  return server.listen(port, host);
}
]==] }

health.go = { "health.go", [==[
package main

import (
	"fmt"
	"net/http"
	"time"
)

// serveHealth answers GET /healthz with 200 while isHealthy says so, else with 503. For container health checks and
// load balancers:
//
//	go func() { log.Fatal(serveHealth(":8080", func() bool { return true })) }()
func serveHealth(address string, isHealthy func() bool) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(writer http.ResponseWriter, _ *http.Request) {
		status, word := http.StatusOK, "ok"
		if !isHealthy() {
			status, word = http.StatusServiceUnavailable, "unhealthy"
		}
		writer.Header().Set("Content-Type", "application/json")
		writer.WriteHeader(status)
		fmt.Fprintf(writer, "{\"status\":%q}", word)
	})
	server := &http.Server{Addr: address, Handler: mux, ReadTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second}
	return server.ListenAndServe()
}
]==] }

---@param project scaffold.Project
---@return table<string, string>
function M.health(project)
    local file = health[project.language]
    return { [file[1]] = file[2] }
end

return M

#define _POSIX_C_SOURCE 200809L
/* A server that evaluates policies: `policy_server FOLDER POLICY FUNCTION` listens on a free port of this machine, which it
 * prints. Each line that a client sends is a JSON list of arguments; the answer is a line with the function's result, or
 * with "error: " and what went wrong. The policy runs in a sandbox, and may be edited while the server runs. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <uhost.h>

static volatile sig_atomic_t stopped = 0;

static void stop(int signal) {
    (void)signal;
    stopped = 1;
}

static int listen_locally(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr*)&address, size) != 0 || listen(listener, 16) != 0) return -1;
    getsockname(listener, (struct sockaddr*)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

/* The policy of a request that is refused serves the next one. */
static void answer(FILE* client, uhost_policy* policy, const char* function, const char* arguments) {
    uhost_error* error = NULL;
    char* result = uhost_policy_call(policy, function, arguments, &error);
    if (result != NULL) {
        fprintf(client, "%s\n", result);
    } else {
        fprintf(client, "error: %s\n", uhost_error_message(error));
    }
    fflush(client);
    uhost_free(result);
    uhost_error_free(error);
}

static void serve(int connection, uhost_policy* policy, const char* function) {
    FILE* client = fdopen(connection, "r+");
    char* line = NULL;
    size_t room = 0;
    while (getline(&line, &room, client) > 0) answer(client, policy, function, line);
    free(line);
    fclose(client);
}

int main(int count, char** arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: policy_server FOLDER POLICY FUNCTION\n");
        return 2;
    }
    const struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);

    uhost_error* error = NULL;
    uhost_options* options = uhost_options_new();
    uhost_options_deny_all(options);
    uhost_options_allow(options, "read", arguments[1]);
    uhost_host* host = uhost_new(options, &error);
    uhost_options_free(options);
    uhost_policy* policy = host != NULL ? uhost_policy_load(host, arguments[2], arguments[1], &error) : NULL;
    if (policy == NULL) {
        fprintf(stderr, "policy_server: %s\n", uhost_error_message(error));
        return 2;
    }
    const int listener = listen_locally();
    while (!stopped) {
        const int connection = accept(listener, NULL, NULL);
        if (connection >= 0) serve(connection, policy, arguments[3]);
    }
    uhost_policy_free(policy);
    uhost_host_free(host);
    return 0;
}

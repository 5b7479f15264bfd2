#pragma once

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

/// One run of a whole process: its wall time, peak memory and standard output.
struct ProcessRun {
    double seconds = 0;
    long peak_kib = 0;
    std::string output;
};

/// Runs a command to its end, its output going to a temporary file. Throws when it cannot start or fails.
inline ProcessRun run_process(const std::vector<std::string>& command) {
    std::FILE* file = std::tmpfile();
    if (file == nullptr) throw std::runtime_error("cannot make a temporary file");
    std::vector<char*> arguments;
    for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(file), STDOUT_FILENO);
    const auto begin = std::chrono::steady_clock::now();
    pid_t child = 0;
    const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    rusage usage{};
    if (failed != 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        std::fclose(file);
        throw std::runtime_error("failed: " + command[0]);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    ProcessRun run{taken.count(), usage.ru_maxrss, {}};
    std::rewind(file);
    char buffer[1 << 16];
    while (const auto count = std::fread(buffer, 1, sizeof buffer, file)) run.output.append(buffer, count);
    std::fclose(file);
    return run;
}

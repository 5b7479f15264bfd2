// Eight hosts on eight threads, which do at the same time what hosts do: compute, wait, use the worker pool, keep data,
// read repositories, print, call policies and their program, and are interrupted from elsewhere. For a build with ThreadSanitizer
// (tests/run --tsan), which finds what they share without a lock; what they answer is checked as well.
//
//     eight_hosts FOLDER      FOLDER is an empty one
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "host/embed/define.hpp"
#include "host/embed/run.hpp"
#include "host/task/interrupt_signal.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int threads = 8, rounds = 3;
std::atomic<int> passed = 0, failed = 0;

void check(const std::string& who, const char* what, const std::string& got, const std::string& expected) {
    if (got == expected) {
        ++passed;
        return;
    }
    ++failed;
    std::printf("FAILED %s: %s gave %s, expected %s\n", who.c_str(), what, got.c_str(), expected.c_str());
}

struct Text : uhost::TextSink {
    std::string text;
    void write(std::string_view more) override { text += more; }
};

struct Job {
    const char* what;
    const char* code;
    const char* expected;
};

// What each host does, with the name of its thread as its argument.
constexpr Job jobs[]{
    {"tasks", "return task.map({ 1, 2, 3 }, function(x) task.sleep(0.001) return x * 2 end)", "[2,4,6]"},
    {"the environment", "return os.getenv('NAME') == ... and os.getenv('PATH') == nil", "true"},
    {"files on the pool", R"lua(
local file = fs.join(os.getenv("FOLDER"), "kept")
fs.write(file, ("x"):rep(100000))
return #fs.read(file)
)lua", "100000"},
    {"a database", R"lua(
local store = db.open()
store:migrate("threads", { "CREATE TABLE seen (n INTEGER) STRICT" })
store:execute("INSERT INTO seen VALUES (1)")
return store:query("SELECT count(*) > 0 AS any FROM seen")[1].any
)lua", "1"},
    {"JSON, YAML, TOML and XML", R"lua(
return { json.decode('{"a":[1]}').a[1], yaml.decode("a: 2").a, toml.decode("a = 3").a }
)lua", "[1,2,3]"},
    {"a repository", R"lua(
local repository = git.init(fs.join(os.getenv("FOLDER"), "repository"), { bare = true, initial_branch = "main" })
for i = 1, 12 do
    local files = { ["file" .. i] = "text " .. i }
    if i > 2 then files["file" .. i - 2] = false end
    repository:create_commit({ ref = "refs/heads/main", message = "change " .. i, files = files, author = "Ann",
        author_email = "ann@example.org" })
end
local commits, deletions = 0, 0
for _ in repository:log() do commits = commits + 1 end
for _ in repository:deletions() do deletions = deletions + 1 end
return { commits, deletions }
)lua", "[12,10]"},
    {"patterns", R"lua(return re.compile("(\\w+)-(\\d+)"):match("crash-12") ~= nil)lua", "true"},
    {"an error", "return (pcall(error, { kind = 'x' }))", "false"},
    {"messages", "log.info('from ' .. ..., { n = 1 }) print(...) return 1", "1"},
    {"its program", "return require('program').twice(21)", "42"},
    {"Lua's own memory", "local t = {} for i = 1, 20000 do t[i] = { i } end collectgarbage() return #t", "20000"},
};

uhost::HostOptions options_of(const std::string& name, const fs::path& folder, std::atomic<int>& told) {
    uhost::HostOptions options;
    options.environment = uhost::Environment{{"NAME", name}, {"FOLDER", folder.string()}, {"HOME", folder.string()}};
    options.secrets = {{"TOKEN", "secret-of-" + name}};
    options.state = folder / "state";
    options.output = std::make_shared<Text>();
    options.error = std::make_shared<Text>();
    options.read_settings_file = false;
    options.observer = [&told](std::string_view, std::string_view) { ++told; };
    return options;
}

void live(const std::string& name, const fs::path& folder) {
    fs::create_directories(folder);
    std::atomic<int> told = 0;
    const auto output = std::make_shared<Text>();
    auto options = options_of(name, folder, told);
    options.output = output;
    uhost::Host host(options);
    uhost::define(host, "program", "twice", [](std::string_view arguments) {
        return std::to_string(2 * std::stoi(std::string(arguments.substr(1))));
    });
    const auto arguments = "[\"" + name + "\"]";
    for (const auto& job : jobs) check(name, job.what, uhost::evaluate(host, job.code, job.what, arguments), job.expected);
    check(name, "what is printed", output->text, name + "\n");
    check(name, "what is told", std::to_string(told.load()), "25");  // a message, and twelve commits begun and made
    const uhost::Policy rules(host, "crash_tests");
    check(name, "a policy", rules.call_json("issues_of", R"(["tests/crashes/12.rs", ""])"), "[12]");
}

// Another thread ends a run while it waits; the host goes on.
void be_interrupted(const std::string& name, const fs::path& folder) {
    std::atomic<int> told = 0;
    uhost::Host host(options_of(name, folder, told));
    for (int round = 0; round < rounds; ++round) {
        std::thread other([&] { host.interrupt(); });
        std::string kind = "nothing";
        try {
            uhost::evaluate(host, "while true do task.sleep(3600) end", "wait");
        } catch (const uhost::Error& error) {
            kind = error.kind();
        }
        other.join();
        check(name, "an interrupt", kind, "interrupted");
    }
    check(name, "a run after it", uhost::evaluate(host, "return 1", "after"), "1");
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    const fs::path root = arguments[1];
    const uhost::InterruptSignal signal;
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back([&, name = "host" + std::to_string(i)] {
            try {
                for (int round = 0; round < rounds; ++round) live(name, root / name / std::to_string(round));
                be_interrupted(name, root / name);
            } catch (const std::exception& error) {
                check(name, "the whole", error.what(), "no error");
            }
        });
    }
    for (auto& thread : all) thread.join();
    std::printf("%d passed, %d failed\n", passed.load(), failed.load());
    return failed == 0 ? 0 : 1;
}

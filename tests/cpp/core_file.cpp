#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <fstream>
#include <thread>

#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/core/repository_file.hpp"
#include "host/core/resolved_path.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;

namespace {

mode_t mode_of(const std::filesystem::path& file) {
    struct stat info {};
    ::stat(file.c_str(), &info);
    return info.st_mode & 07777;
}

std::ptrdiff_t entries(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
}

// Lets files grow to `bytes` only: a write beyond is cut short, the next one fails. As a disk that fills up.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        handler_ = ::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit before_{};
    sighandler_t handler_ = SIG_DFL;
};

}  // namespace

TEST_CASE("files: an atomic write replaces the whole, keeps the mode and leaves nothing behind") {
    const TemporaryFolder folder;
    const auto file = folder.write("out", "old");
    ::chmod(file.c_str(), 0640);
    write_file_atomically(file, "new content");
    CHECK(read_file(file, 100) == "new content");
    struct stat info {};
    ::stat(file.c_str(), &info);
    CHECK((info.st_mode & 0777) == 0640);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("files: an atomic write follows a link, and does not take the place of a device or a pipe") {
    const TemporaryFolder folder;
    const auto file = folder.write("out", "old"), link = folder.path() / "link", pipe = folder.path() / "pipe";
    std::filesystem::create_symlink("out", link);
    write_file_atomically(link, "new");
    CHECK(std::filesystem::is_symlink(link));
    CHECK(read_file(file, 100) == "new");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    write_file_atomically(pipe, "through");
    char received[16] = {};
    CHECK(::read(reader, received, sizeof received) == 7);
    ::close(reader);
    CHECK(std::filesystem::is_fifo(pipe));
    CHECK_THROWS_AS(write_file_atomically(folder.path(), "x"), Error);
}

TEST_CASE("files: a write that cannot be is an error that leaves the old file whole") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(write_file_atomically(folder.path() / "no/such/folder", "x"), Error);
    CHECK_THROWS_AS(write_file_atomically("/dev/full/x", "x"), Error);
    CHECK_THROWS_AS(read_file(folder.path() / "absent", 10), Error);
    CHECK_THROWS_AS(read_file(folder.write("large", "0123456789ab"), 10), Error);
}

TEST_CASE("files: an error has the path and the errno value as data") {
    const TemporaryFolder folder;
    try {
        write_file_atomically(folder.path() / "no/file", "x", {.kind = "test.write"});
        FAIL("wrote into a folder that does not exist");
    } catch (const Error& error) {
        CHECK(error.kind() == "test.write");
        const Error::Details& details = error.details();
        CHECK(std::ranges::count(details, std::pair<std::string, Error::Value>("errno", std::int64_t{ENOENT})) == 1);
        CHECK(std::ranges::count(
                  details, std::pair<std::string, Error::Value>("path", (folder.path() / "no/file").string())) == 1);
    }
}

TEST_CASE("files: a new file gets the mode that the umask leaves, without the process's umask changing") {
    const TemporaryFolder folder;
    const auto before = ::umask(027);
    write_file_atomically(folder.path() / "shared", "x");
    write_file_atomically(folder.path() / "own", "x", {.owner_only = true});
    CHECK(::umask(before) == 027);
    CHECK(mode_of(folder.path() / "shared") == 0640);
    CHECK(mode_of(folder.path() / "own") == 0600);
}

TEST_CASE("files: an atomic write through a link that points to nothing creates what it points to") {
    const TemporaryFolder folder;
    std::filesystem::create_symlink("target", folder.path() / "link");
    write_file_atomically(folder.path() / "link", "new");
    CHECK(std::filesystem::is_symlink(folder.path() / "link"));
    CHECK(read_file(folder.path() / "target", 10) == "new");
}

TEST_CASE("files: without a commit the old content stays and nothing is left behind") {
    const TemporaryFolder folder;
    const auto file = folder.write("out", "old");
    {
        AtomicFile unfinished(file);
        unfinished.write("new");
        CHECK(entries(folder.path()) == 2);
    }
    CHECK(read_file(file, 10) == "old");
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("files: a disk that fills up during a write leaves the old file whole") {
    const TemporaryFolder folder;
    const auto file = folder.write("out", "old");
    {
        const FileSizeLimit limit(4096);
        CHECK_THROWS_AS(write_file_atomically(file, std::string(10'000, 'x')), Error);
    }
    CHECK(read_file(file, 10) == "old");
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("files: the longest name that the file system allows can be written") {
    const TemporaryFolder folder;
    const auto file = folder.path() / std::string(255, 'n');
    write_file_atomically(file, "x");
    CHECK(read_file(file, 1) == "x");
}

TEST_CASE("folders: appear as a whole or not at all") {
    const TemporaryFolder folder;
    const auto target = folder.path() / "clone";
    {
        const AtomicFolder unfinished(target, "test");
        std::filesystem::create_directories(unfinished.temporary_path() / "deep/er");
    }
    CHECK(entries(folder.path()) == 0);
    AtomicFolder finished(target, "test");
    std::filesystem::create_directory(finished.temporary_path() / "deep");
    finished.commit();
    CHECK(std::filesystem::is_directory(target / "deep"));
    CHECK(entries(folder.path()) == 1);
    AtomicFolder late(target, "test");
    CHECK_THROWS_AS(late.commit(), Error);
}

TEST_CASE("descriptors: writing and reading go on after short counts and signals") {
    auto [read_end, write_end] = make_pipe();
    struct sigaction interrupt {
    }, before{};
    interrupt.sa_handler = [](int) {};  // without SA_RESTART: blocked calls end with EINTR
    ::sigaction(SIGUSR1, &interrupt, &before);
    const std::string sent(1 << 20, 'x');  // a pipe holds 64 KiB
    int written = -1;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        written = write_all(write_end.get(), sent);
        write_end.close();
        done = true;
    });
    std::string received(4096, '\0');
    while (!done && received.size() < sent.size()) {
        ::pthread_kill(writer.native_handle(), SIGUSR1);
        const auto size = received.size();
        received.resize(size + 4096);
        const auto count = ::read(read_end.get(), received.data() + size, 4096);
        received.resize(size + static_cast<std::size_t>(count));
    }
    CHECK(read_all(read_end.get(), received, sent.size()) == 0);
    writer.join();
    ::sigaction(SIGUSR1, &before, nullptr);
    CHECK(written == 0);
    CHECK(received.size() - 4096 == sent.size());
}

TEST_CASE("descriptors: read_all stops at its limit") {
    const TemporaryFolder folder;
    const auto file = folder.write("ten", "0123456789");
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::string content = "before:";
    CHECK(read_all(descriptor.get(), content, 10) == 0);
    CHECK(content == "before:0123456789");
    ::lseek(descriptor.get(), 0, SEEK_SET);
    CHECK(read_all(descriptor.get(), content, 9) == EFBIG);
    CHECK(read_file("/proc/self/status", 1 << 20).find("Umask") != std::string::npos);
    CHECK(read_all(-1, content, 1) == EBADF);
}

TEST_CASE("files: what a repository keeps is found from every folder of it, and nothing above it") {
    const TemporaryFolder folder;
    folder.write("repository/.git/HEAD", "");
    folder.write("repository/sub/deep/x", "");
    folder.write("sub/x", "");
    const auto outside = folder.write("uhost.lua", "return {}");
    CHECK_FALSE(find_in_repository("uhost.lua", folder.path() / "repository/sub/deep").has_value());
    const auto inside = folder.write("repository/uhost.lua", "return {}");
    CHECK(find_in_repository("uhost.lua", folder.path() / "repository/sub/deep")->path == inside);
    CHECK(find_in_repository("uhost.lua", folder.path() / "repository/sub/deep")->root == folder.path() / "repository");
    CHECK(find_in_repository("uhost.lua", folder.path())->path == outside);
    CHECK_FALSE(find_in_repository("uhost.lua", folder.path() / "sub").has_value());
}

TEST_CASE("files: one that was decided about is opened without following what has taken a place on its way") {
    const TemporaryFolder folder;
    const auto root = folder.path();
    std::filesystem::create_directories(root / "allowed/inner");
    std::filesystem::create_directories(root / "secret/inner");
    for (const auto* name : {"allowed", "secret"}) std::ofstream(root / name / "inner/file") << name;
    const FilePlace place(resolved_path(root / "allowed/inner/file"), false);
    const auto content = [](const Descriptor& file) {
        std::string text(16, '\0');
        text.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(file.get(), text.data(), text.size()), 0)));
        return text;
    };
    const auto by_steps = [&] {
        const Descriptor top(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        return Descriptor(open_by_steps(top.get(), place.path.relative_path(), O_RDONLY | O_CLOEXEC));
    };
    CHECK(content(place.open(O_RDONLY | O_CLOEXEC)) == "allowed");
    CHECK(content(by_steps()) == "allowed");
    // A folder on the way becomes a link, then the file itself.
    std::filesystem::rename(root / "allowed/inner", root / "allowed/away");
    std::filesystem::create_directory_symlink(root / "secret/inner", root / "allowed/inner");
    CHECK_FALSE(place.open(O_RDONLY | O_CLOEXEC));
    CHECK(errno == ELOOP);
    CHECK_FALSE(by_steps());
    std::filesystem::remove(root / "allowed/inner");
    std::filesystem::create_directory(root / "allowed/inner");
    std::filesystem::create_symlink(root / "secret/inner/file", place.path);
    CHECK_FALSE(place.open(O_RDONLY | O_CLOEXEC));
    CHECK_FALSE(by_steps());
    CHECK(content(FilePlace(place.path).open(O_RDONLY | O_CLOEXEC)) == "secret");
}

#include "host/bundle/archive.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

namespace uhost::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "uhost bundle 1\n\0";
constexpr std::size_t max_path = 4096;
constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 30;
constexpr int compression_level = 9;
constexpr std::size_t digest_size = 64;

struct Footer {
    std::array<char, digest_size> digest;
    std::array<char, 256> script;
    std::uint64_t size;
    std::array<char, 16> magic;
};

std::ifstream open_to_read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Failure("cannot read " + path.string());
    return file;
}

// Reading -------------------------------------------------------------------------------------------------------------

class Decompressor {
public:
    Decompressor(std::ifstream& file, std::uint64_t size)
        : file_(file), left_(size), context_(ZSTD_createDCtx(), ZSTD_freeDCtx) {}

    // Exactly this many bytes.
    void read(char* to, std::size_t size) {
        ZSTD_outBuffer out{to, size, 0};
        while (out.pos < out.size) step(out);
    }

    // zstd compares the checksum when it has seen the end of the frame.
    void finish() {
        char more = 0;
        ZSTD_outBuffer out{&more, 1, 0};
        while (!ended_) step(out);
        if (out.pos != 0) throw Failure("the bundle is damaged: there is more in it than files");
    }

private:
    // zstd may hold more output than it had room for, so it is asked before more input is read.
    void step(ZSTD_outBuffer& out) {
        if (ended_) throw Failure("the bundle is damaged: it ends too early");
        const auto before = out.pos;
        const auto rest = ZSTD_decompressStream(context_.get(), &out, &in_);
        if (ZSTD_isError(rest) != 0) throw Failure("the bundle is damaged");
        ended_ = rest == 0;
        const bool needs_input = !ended_ && out.pos == before && in_.pos == in_.size;
        if (needs_input && !refill()) throw Failure("the bundle is damaged: it ends too early");
    }

    bool refill() {
        const auto size = std::min<std::uint64_t>(left_, buffer_.size());
        if (size == 0 || !file_.read(buffer_.data(), static_cast<std::streamsize>(size))) return false;
        left_ -= size;
        in_ = {buffer_.data(), size, 0};
        return true;
    }

    std::ifstream& file_;
    std::uint64_t left_;
    std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_;
    std::vector<char> buffer_ = std::vector<char>(1 << 17);
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool ended_ = false;
};

template <typename Number>
Number read_number(Decompressor& archive) {
    Number number{};
    archive.read(reinterpret_cast<char*>(&number), sizeof number);
    return number;
}

fs::path checked(const std::string& name) {
    const fs::path path(name);
    for (const auto& part : path) {
        if (part == "..") throw Failure("the bundle is damaged: a path leads out of it");
    }
    if (path.empty() || path.is_absolute()) throw Failure("the bundle is damaged: a path leads out of it");
    return path;
}

void unpack_file(Decompressor& archive, const fs::path& path, bool executable) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    std::vector<char> buffer(1 << 17);
    auto left = read_number<std::uint64_t>(archive);
    if (left > max_file_bytes) throw Failure("the bundle is damaged: a file is too large");
    while (left > 0) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
        archive.read(buffer.data(), size);
        file.write(buffer.data(), static_cast<std::streamsize>(size));
        left -= size;
    }
    file.close();
    if (!file) throw Failure("cannot write " + path.string());
    fs::permissions(path, executable ? fs::perms::owner_read | fs::perms::owner_exec : fs::perms::owner_read);
}

// Writing -------------------------------------------------------------------------------------------------------------

class Compressor {
public:
    explicit Compressor(std::ofstream& file) : file_(file), context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
        ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, compression_level);
        ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
    }

    void write(std::string_view bytes, ZSTD_EndDirective end = ZSTD_e_continue) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        for (std::size_t rest = 1; in.pos < in.size || (end == ZSTD_e_end && rest != 0);) {
            ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
            rest = ZSTD_compressStream2(context_.get(), &out, &in, end);
            if (ZSTD_isError(rest) != 0) throw Failure("cannot compress the bundle");
            file_.write(buffer_.data(), static_cast<std::streamsize>(out.pos));
        }
    }

    template <typename Number>
    void write_number(Number number) {
        write({reinterpret_cast<const char*>(&number), sizeof number});
    }

private:
    std::ofstream& file_;
    std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
    std::vector<char> buffer_ = std::vector<char>(1 << 17);
};

void pack_file(Compressor& archive, const std::string& line) {
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    if (second == std::string::npos) throw Failure("not a line of the list: " + line);
    const auto name = line.substr(first + 1, second - first - 1);
    const fs::path source = line.substr(second + 1);
    auto file = open_to_read(source);
    const auto size = fs::file_size(source);
    archive.write_number(static_cast<std::uint16_t>(checked(name).string().size()));
    archive.write(name);
    archive.write_number(static_cast<std::uint8_t>(line[0] == 'x'));
    archive.write_number(static_cast<std::uint64_t>(size));
    std::string content(size, '\0');
    if (!file.read(content.data(), static_cast<std::streamsize>(size))) throw Failure("cannot read " + source.string());
    archive.write(content);
}

template <std::size_t size>
void put(std::array<char, size>& to, std::string_view text) {
    if (text.size() > size) throw Failure("too long for a bundle: " + std::string(text));
    to.fill('\0');
    text.copy(to.data(), text.size());
}

}  // namespace

Trailer read_trailer(const fs::path& bundle) {
    auto file = open_to_read(bundle);
    Footer footer{};
    const auto whole = fs::file_size(bundle);
    if (whole < sizeof footer) throw Failure("this launcher has nothing to launch");
    file.seekg(static_cast<std::streamoff>(whole - sizeof footer));
    file.read(reinterpret_cast<char*>(&footer), sizeof footer);
    if (!file || std::memcmp(footer.magic.data(), magic.data(), magic.size()) != 0 || footer.size > whole - sizeof footer) {
        throw Failure("this launcher has nothing to launch; uhost bundle makes what has");
    }
    return {whole - sizeof footer - footer.size, footer.size, std::string(footer.digest.data(), digest_size),
            std::string(footer.script.data(), strnlen(footer.script.data(), footer.script.size()))};
}

void unpack(const fs::path& bundle, const Trailer& trailer, const fs::path& folder) {
    auto file = open_to_read(bundle);
    file.seekg(static_cast<std::streamoff>(trailer.begin));
    Decompressor archive(file, trailer.size);
    while (const auto length = read_number<std::uint16_t>(archive)) {
        if (length > max_path) throw Failure("the bundle is damaged: a path is too long");
        std::string name(length, '\0');
        archive.read(name.data(), length);
        const bool executable = read_number<std::uint8_t>(archive) != 0;
        unpack_file(archive, folder / checked(name), executable);
    }
    archive.finish();
}

void pack(const fs::path& launcher, std::istream& list, const Trailer& named, const fs::path& output) {
    std::ofstream file(output, std::ios::binary | std::ios::trunc);
    file << open_to_read(launcher).rdbuf();
    const auto begin = file.tellp();
    Compressor archive(file);
    for (std::string line; std::getline(list, line);) pack_file(archive, line);
    archive.write_number(std::uint16_t{0});
    archive.write({}, ZSTD_e_end);
    Footer footer{};
    put(footer.digest, named.digest);
    put(footer.script, named.script);
    put(footer.magic, magic);
    footer.size = static_cast<std::uint64_t>(file.tellp() - begin);
    file.write(reinterpret_cast<const char*>(&footer), sizeof footer);
    file.close();
    if (!file) throw Failure("cannot write " + output.string());
}

}  // namespace uhost::bundle

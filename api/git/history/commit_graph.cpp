#include "api/git/history/commit_graph.hpp"

#include <algorithm>
#include <fstream>
#include <future>
#include <string>

namespace uhost::git {
namespace {

constexpr std::size_t most_files = 255;  // the header counts the bases in a byte

}  // namespace

std::optional<CommitGraph> CommitGraph::open(const std::vector<std::filesystem::path>& object_folders) {
    for (const auto& objects : object_folders) {
        if (auto graph = open_single(objects)) return graph;
        if (auto graph = open_chain(objects)) return graph;
    }
    return std::nullopt;
}

std::optional<CommitGraph> CommitGraph::open_single(const std::filesystem::path& objects) {
    auto file = CommitGraphFile::open(objects / "info" / "commit-graph", 0);
    if (!file) return std::nullopt;
    CommitGraph graph;
    if (!graph.add(std::move(*file)) || !graph.check()) return std::nullopt;
    return graph;
}

std::optional<CommitGraph> CommitGraph::open_chain(const std::filesystem::path& objects) {
    const auto folder = objects / "info" / "commit-graphs";
    std::ifstream chain(folder / "commit-graph-chain");
    CommitGraph graph;
    for (std::string line; std::getline(chain, line);) {
        const auto name = Oid::from_hex(line);
        if (!name || graph.files_.size() == most_files) return std::nullopt;
        auto file = CommitGraphFile::open(folder / ("graph-" + name->hex() + ".graph"), graph.files_.size());
        if (!file || file->checksum() != *name) return std::nullopt;
        for (std::size_t i = 0; i < graph.files_.size(); ++i) {
            if (file->base(i) != graph.files_[i].checksum()) return std::nullopt;
        }
        if (!graph.add(std::move(*file))) return std::nullopt;
    }
    if (graph.files_.empty() || !graph.check()) return std::nullopt;
    return graph;
}

bool CommitGraph::add(CommitGraphFile file) {
    if (file.size() >= CommitGraphFile::no_parent - size_) return false;
    starts_.push_back(size_);
    size_ += file.size();
    corrected_times_ = corrected_times_ && file.has_corrected_times();
    files_.push_back(std::move(file));
    return true;
}

bool CommitGraph::check() const {
    // Hashing and following the parents take about as long, and neither waits for the other.
    auto sums = std::async(std::launch::async, [this] { return checksums_hold(); });
    bool sound = true;
    for (std::size_t i = 0; i < files_.size() && sound; ++i) sound = check_parents(i);
    return sums.get() && sound;
}

bool CommitGraph::checksums_hold() const {
    return std::all_of(files_.begin(), files_.end(), [](const CommitGraphFile& file) { return file.checksum_holds(); });
}

bool CommitGraph::check_parents(std::size_t file_index) const {
    const CommitGraphFile& file = files_[file_index];
    const std::uint32_t start = starts_[file_index];
    // Lists of parents that overlap, which git never writes, could make a small file very long to read.
    std::size_t parents_left = 2 * std::size_t{file.size()} + file.extra_edge_count();
    std::vector<std::uint32_t> parents;
    for (std::uint32_t row = 0; row < file.size(); ++row) {
        parents.clear();
        if (!file.append_parents(row, parents) || parents.size() > parents_left) return false;
        parents_left -= parents.size();
        if (corrected_times_ && !file.corrected_time(row)) return false;
        const std::uint32_t level = file.level(row);
        for (const std::uint32_t parent : parents) {
            if (parent >= start + file.size()) return false;
            const Place at = parent >= start ? Place{&file, parent - start} : place(parent);
            if (at.file->level(at.row) >= level) return false;
        }
    }
    return true;
}

CommitGraph::Place CommitGraph::place(std::uint32_t position) const noexcept {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), position);
    const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
    return {&files_[index], position - starts_[index]};
}

std::optional<std::uint32_t> CommitGraph::find(const Oid& oid) const noexcept {
    for (std::size_t i = files_.size(); i-- > 0;) {
        if (const auto row = files_[i].find(oid)) return starts_[i] + *row;
    }
    return std::nullopt;
}

Oid CommitGraph::oid(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return at.file->oid(at.row);
}

Oid CommitGraph::tree(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return at.file->tree(at.row);
}

std::int64_t CommitGraph::time(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return at.file->time(at.row);
}

std::int64_t CommitGraph::corrected_time(std::uint32_t position) const noexcept {
    const Place at = place(position);
    return corrected_times_ ? at.file->corrected_time(at.row).value_or(at.file->time(at.row)) : at.file->time(at.row);
}

void CommitGraph::append_parents(std::uint32_t position, std::vector<std::uint32_t>& parents) const {
    const Place at = place(position);
    at.file->append_parents(at.row, parents);
}

bool CommitGraph::may_have_changed(std::uint32_t position, const BloomPath& path) const noexcept {
    const Place at = place(position);
    return path.may_have_changed(at.file->filter(at.row), at.file->bloom_settings());
}

}  // namespace uhost::git

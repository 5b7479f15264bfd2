#include "api/git/history/renames.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "api/git/history/changes.hpp"
#include "api/git/history/objects.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_piece = 64;
constexpr std::uint32_t hash_base = 107927;  // git's; a collision is part of its answer

constexpr std::size_t max_content_bytes = 64 << 20;
constexpr std::size_t max_similar_pairs = 1'000'000;
constexpr unsigned min_score = ContentSignature::max_score / 2;
constexpr unsigned min_score_of_same_name = min_score + (ContentSignature::max_score - min_score) / 2;
constexpr std::size_t max_kept_signatures = 20'000;
constexpr std::size_t candidates_per_file = 4;
constexpr int max_identical = 100;
constexpr std::string_view empty_blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

std::string_view name_of(std::string_view path) noexcept {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_regular(const TreeFile& file) noexcept { return file.entry.mode >> 12 == 010; }

}  // namespace

ContentSignature::ContentSignature(ByteView content) : size_(content.size()) {
    const bool is_text = !is_binary(as_text(content));
    std::uint32_t first = 0, second = 0, length = 0;
    const auto end_piece = [&] {
        pieces_.push_back({(first + second * 0x61) % hash_base, length});
        first = second = length = 0;
    };
    for (std::size_t i = 0; i < content.size(); ++i) {
        const std::uint8_t byte = content[i];
        if (is_text && byte == '\r' && i + 1 < content.size() && content[i + 1] == '\n') continue;
        const std::uint32_t before = first;
        first = (first << 7) ^ (second >> 25);
        second = (second << 7) ^ (before >> 25);
        first += byte;
        if (++length == max_piece || byte == '\n') end_piece();
    }
    // A last line without a line feed does not count: so it is in git before 2.44, which Debian 12 has.
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.hash < b.hash; });
    std::size_t kept = 0;
    for (const Piece& piece : pieces_) {
        if (kept > 0 && pieces_[kept - 1].hash == piece.hash) {
            pieces_[kept - 1].bytes += piece.bytes;
        } else {
            pieces_[kept++] = piece;
        }
    }
    pieces_.resize(kept);
    pieces_.shrink_to_fit();
}

unsigned ContentSignature::score(const ContentSignature& other) const noexcept {
    const std::size_t larger = std::max(size_, other.size_);
    if (larger == 0) return 0;
    std::size_t shared = 0;
    auto a = pieces_.begin();
    auto b = other.pieces_.begin();
    while (a != pieces_.end() && b != other.pieces_.end()) {
        if (a->hash == b->hash) {
            shared += std::min(a->bytes, b->bytes);
            ++a;
            ++b;
        } else if (a->hash < b->hash) {
            ++a;
        } else {
            ++b;
        }
    }
    return static_cast<unsigned>(std::min<std::size_t>(max_score, shared * max_score / larger));
}

struct RenameFinder::Candidate {
    unsigned score = 0;
    bool same_name = false;
    std::size_t from = 0, to = 0;
    bool is_better_than(const Candidate& other) const noexcept {
        return score != other.score ? score > other.score : same_name && !other.same_name;
    }
};

RenameFinder::RenameFinder(ObjectReader& reader, SignatureCache& signatures, std::span<const TreeFile> removed,
                           std::span<const TreeFile> added)
    : reader_(reader),
      signatures_(signatures),
      removed_(removed),
      added_(added),
      source_used_(removed.size()),
      target_used_(added.size()),
      old_contents_(removed.size()),
      new_contents_(added.size()) {}

void RenameFinder::pair(std::size_t from, std::size_t to, unsigned percent) {
    source_used_[from] = target_used_[to] = true;
    renames_.push_back({from, to, percent});
    if (on_pair_) on_pair_(renames_.back());
}

void RenameFinder::match_same_content() {
    std::unordered_map<Oid, std::vector<std::size_t>, OidHash> by_content;
    for (std::size_t i = 0; i < removed_.size(); ++i) by_content[removed_[i].entry.oid].push_back(i);
    for (std::size_t to = 0; to < added_.size(); ++to) {
        const auto found = by_content.find(added_[to].entry.oid);
        if (found == by_content.end() || target_used_[to]) continue;
        if (const auto from = best_source(found->second, to)) pair(*from, to, 100);
    }
}

namespace {

constexpr std::size_t several = SIZE_MAX;

std::unordered_map<std::string_view, std::size_t> unique_names(std::span<const TreeFile> files,
                                                               const std::vector<bool>& used) {
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (used[i]) continue;
        const auto [place, is_new] = places.try_emplace(name_of(files[i].path), i);
        if (!is_new) place->second = several;
    }
    return places;
}

}  // namespace

void RenameFinder::match_names(const NameHints& hints) {
    const auto sources = unique_names(removed_, source_used_);
    const auto targets = unique_names(added_, target_used_);
    for (std::size_t from = 0; from < removed_.size(); ++from) {
        if (source_used_[from] || (hints.is_wanted && !hints.is_wanted(from))) continue;
        const auto name = name_of(removed_[from].path);
        const auto target = targets.find(name);
        if (target == targets.end()) continue;
        std::optional<std::size_t> to = target->second;
        if (sources.at(name) == several || to == several) {
            to = hints.likely_target ? hints.likely_target(from) : std::nullopt;
        }
        if (!to || target_used_[*to]) continue;
        const auto score = score_of(from, *to);
        if (score >= min_score_of_same_name) pair(from, *to, score * 100 / ContentSignature::max_score);
    }
}

void RenameFinder::match_similar(std::size_t max_pairs) {
    const auto sources = std::ranges::count(source_used_, false), targets = std::ranges::count(target_used_, false);
    if (targets == 0 || static_cast<std::size_t>(sources) > max_pairs / static_cast<std::size_t>(targets)) return;
    std::vector<Candidate> all;
    for (std::size_t to = 0; to < added_.size(); ++to) {
        if (!target_used_[to]) add_candidates(to, all);
    }
    std::ranges::stable_sort(all, [](const Candidate& a, const Candidate& b) { return a.is_better_than(b); });
    for (const auto& candidate : all) {
        if (source_used_[candidate.from] || target_used_[candidate.to]) continue;
        pair(candidate.from, candidate.to, candidate.score * 100 / ContentSignature::max_score);
    }
}

std::optional<std::size_t> RenameFinder::best_source(const std::vector<std::size_t>& sources, std::size_t to) const {
    std::optional<std::size_t> best;
    int left = max_identical;
    for (const std::size_t from : sources) {
        const auto& source = removed_[from];
        const bool plain = is_regular(source) && is_regular(added_[to]);
        if (source_used_[from] || (!plain && source.entry.mode != added_[to].entry.mode)) continue;
        if (name_of(source.path) == name_of(added_[to].path)) return from;
        if (!best) best = from;
        if (--left == 0) break;
    }
    return best;
}

/// The four best sources of one added file, as git keeps them.
void RenameFinder::add_candidates(std::size_t to, std::vector<Candidate>& all) {
    std::array<std::optional<Candidate>, candidates_per_file> best;
    for (std::size_t from = 0; from < removed_.size(); ++from) {
        if (source_used_[from]) continue;
        const Candidate candidate{score_of(from, to), name_of(removed_[from].path) == name_of(added_[to].path), from,
                                  to};
        if (candidate.score < min_score) continue;
        auto* worst = &best[0];
        for (auto& place : best) {
            if (*worst && (!place || worst->value().is_better_than(*place))) worst = &place;
        }
        if (!*worst || candidate.is_better_than(**worst)) *worst = candidate;
    }
    for (const auto& place : best) {
        if (place) all.push_back(*place);
    }
}

unsigned RenameFinder::score_of(std::size_t from, std::size_t to) {
    if (!is_regular(removed_[from]) || !is_regular(added_[to])) return 0;
    const auto* source = signature(old_contents_[from], removed_[from]);
    const auto* target = signature(new_contents_[to], added_[to]);
    if (source == nullptr || target == nullptr) return 0;
    const auto smaller = std::min(source->size(), target->size()), larger = std::max(source->size(), target->size());
    return smaller * 2 < larger ? 0 : source->score(*target);
}

const ContentSignature* RenameFinder::signature(Content& content, const TreeFile& file) {
    if (!std::exchange(content.read, true)) content.signature = signatures_.find(reader_, file.entry.oid);
    return content.signature.get();
}

std::shared_ptr<const ContentSignature> SignatureCache::find(ObjectReader& reader, const Oid& blob) {
    if (const auto found = known_.find(blob); found != known_.end()) return found->second;
    const auto bytes = reader.read(blob, ObjectType::blob);
    std::shared_ptr<const ContentSignature> signature;
    if (!bytes.empty() && bytes.size() <= max_content_bytes) signature = std::make_shared<ContentSignature>(bytes);
    if (known_.size() == max_kept_signatures) known_.clear();
    known_[blob] = signature;
    return signature;
}

std::vector<Rename> find_renames(ObjectReader& reader, std::span<const TreeFile> removed,
                                 std::span<const TreeFile> added) {
    SignatureCache signatures;
    RenameFinder finder(reader, signatures, removed, added);
    finder.match_same_content();
    finder.match_names();
    finder.match_similar(max_similar_pairs);
    return finder.take();
}

std::vector<std::optional<Move>> find_moves(ObjectReader& reader, const TreeDifference& difference,
                                            const std::vector<bool>& wanted) {
    static const Oid empty = *Oid::from_hex(empty_blob);
    std::vector<std::optional<Move>> moves(difference.removed.size());
    if (difference.added.empty()) return moves;
    SignatureCache signatures;
    RenameFinder finder(reader, signatures, difference.removed, difference.added);
    finder.match_same_content();
    std::unordered_map<Oid, std::size_t, OidHash> added_content;
    for (std::size_t i = difference.added.size(); i-- > 0;) added_content[difference.added[i].entry.oid] = i;
    bool all_found = true;
    for (std::size_t i = 0; i < moves.size(); ++i) {
        if (!wanted[i] || finder.is_source_used(i)) continue;
        const auto& file = difference.removed[i].entry;
        const auto same = added_content.find(file.oid);
        const bool folded = same != added_content.end() && file.oid != empty &&
                            file.mode >> 12 == difference.added[same->second].entry.mode >> 12;
        if (folded) moves[i] = Move{difference.added[same->second].path, 100};
        all_found = all_found && folded;
    }
    if (!all_found) {
        finder.match_names();
        finder.match_similar(max_similar_pairs);
    }
    for (const auto& rename : finder.take()) {
        if (difference.removed[rename.from].entry.oid == empty) continue;
        if (!moves[rename.from]) moves[rename.from] = Move{difference.added[rename.to].path, rename.similarity_percent};
    }
    return moves;
}

}  // namespace uhost::git

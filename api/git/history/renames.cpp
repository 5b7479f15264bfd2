#include "api/git/history/renames.hpp"

#include <algorithm>
#include <unordered_map>

#include "api/git/history/objects.hpp"

namespace uhost::git {

namespace {

constexpr std::size_t longest_piece = 64;
constexpr std::size_t looked_at_for_nul = 8000;

}  // namespace

ContentSignature::ContentSignature(ByteView content) : size_(content.size()) {
    const std::size_t looked_at = std::min(content.size(), looked_at_for_nul);
    const bool is_text = looked_at == 0 || std::memchr(content.data(), 0, looked_at) == nullptr;
    constexpr std::uint64_t fnv_basis = 0xcbf29ce484222325u;
    constexpr std::uint64_t fnv_prime = 0x100000001b3u;
    std::uint64_t hash = fnv_basis;
    std::size_t length = 0;
    for (std::size_t i = 0; i < content.size(); ++i) {
        const std::uint8_t byte = content[i];
        if (is_text && byte == '\r' && i + 1 < content.size() && content[i + 1] == '\n') continue;
        hash = (hash ^ byte) * fnv_prime;
        if (++length < longest_piece && byte != '\n') continue;
        pieces_.push_back({hash, length});
        hash = fnv_basis;
        length = 0;
    }
    if (length > 0) pieces_.push_back({hash, length});
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

unsigned ContentSignature::similarity_percent(const ContentSignature& other) const noexcept {
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
    return static_cast<unsigned>(std::min<std::size_t>(100, shared * 100 / larger));
}
namespace {

constexpr std::size_t most_content_bytes = 4 << 20;
constexpr std::size_t most_signature_bytes = 64 << 20;
constexpr std::size_t most_pairs = 1'000'000;
constexpr unsigned least_percent = 50;
constexpr std::string_view empty_blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

std::string_view name_of(std::string_view path) noexcept {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool same_name(std::string_view a, std::string_view b) noexcept { return name_of(a) == name_of(b); }

std::size_t shared_prefix(std::string_view a, std::string_view b) noexcept {
    return static_cast<std::size_t>(
        std::mismatch(a.begin(), a.begin() + std::min(a.size(), b.size()), b.begin()).first - a.begin());
}

class MoveFinder {
public:
    MoveFinder(ObjectReader& reader, const TreeDifference& difference, const std::vector<bool>& wanted)
        : reader_(reader),
          removed_(difference.removed),
          added_(difference.added),
          wanted_(wanted),
          moves_(removed_.size()),
          taken_(added_.size()) {}

    std::vector<std::optional<Move>> find() {
        if (!added_.empty()) {
            match_same_content();
            match_similar();
        }
        return std::move(moves_);
    }

private:
    using Places = std::vector<std::size_t>;

    void match_same_content() {
        static const Oid empty = *Oid::from_hex(empty_blob);
        std::unordered_map<Oid, Places, OidHash> by_content;
        for (std::size_t i = 0; i < added_.size(); ++i) by_content[added_[i].entry.oid].push_back(i);
        // The same name first, so that a file that kept it is not lost to one that did not.
        for (const bool need_same_name : {true, false}) {
            for (std::size_t i = 0; i < removed_.size(); ++i) {
                const auto found = by_content.find(removed_[i].entry.oid);
                if (moves_[i] || found == by_content.end() || found->first == empty) continue;
                if (const auto place = best_place(removed_[i], found->second, need_same_name)) {
                    taken_[*place] = true;
                    moves_[i] = Move{added_[*place].path, 100};
                }
            }
        }
    }

    /// The best of `places` for a removed file: one that is still free before one that is not, then by path.
    std::optional<std::size_t> best_place(const TreeFile& file, const Places& places, bool need_same_name) const {
        std::optional<std::size_t> best;
        const auto rank = [&](std::size_t i) {
            return std::pair(!taken_[i], shared_prefix(file.path, added_[i].path));
        };
        for (const std::size_t i : places) {
            if (file.entry.mode >> 12 != added_[i].entry.mode >> 12) continue;  // a symbolic link is not a file's copy
            if (need_same_name && (taken_[i] || !same_name(file.path, added_[i].path))) continue;
            if (!best || rank(i) > rank(*best)) best = i;
        }
        return best;
    }

    struct Pair {
        unsigned percent;
        bool same_name;
        std::size_t from;
        std::size_t to;
    };

    void match_similar() {
        const Places from = candidates(removed_, [&](std::size_t i) { return !moves_[i]; });
        const Places to = candidates(added_, [&](std::size_t i) { return !taken_[i]; });
        const bool any_wanted = std::any_of(from.begin(), from.end(), [&](std::size_t i) { return wanted_[i]; });
        if (!any_wanted || to.empty() || from.size() > most_pairs / to.size()) return;
        std::vector<Pair> pairs = similar_pairs(from, to);
        std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
            return std::pair(a.percent, a.same_name) > std::pair(b.percent, b.same_name);
        });
        for (const Pair& pair : pairs) {
            if (moves_[pair.from] || taken_[pair.to]) continue;
            taken_[pair.to] = true;
            moves_[pair.from] = Move{added_[pair.to].path, pair.percent};
        }
    }

    template <typename IsFree>
    static Places candidates(const std::vector<TreeFile>& files, IsFree is_free) {
        Places places;
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (is_free(i) && files[i].entry.mode >> 12 == 010) places.push_back(i);
        }
        return places;
    }

    std::vector<Pair> similar_pairs(const Places& from, const Places& to) {
        const auto old_contents = signatures(removed_, from);
        const auto new_contents = signatures(added_, to);
        std::vector<Pair> pairs;
        for (std::size_t i = 0; i < from.size(); ++i) {
            for (std::size_t j = 0; j < to.size(); ++j) {
                if (!old_contents[i] || !new_contents[j]) continue;
                const std::size_t old_size = old_contents[i]->size();
                const std::size_t new_size = new_contents[j]->size();
                if (std::min(old_size, new_size) * 100 < std::max(old_size, new_size) * least_percent) continue;
                const unsigned percent = old_contents[i]->similarity_percent(*new_contents[j]);
                if (percent < least_percent) continue;
                pairs.push_back({percent, same_name(removed_[from[i]].path, added_[to[j]].path), from[i], to[j]});
            }
        }
        return pairs;
    }

    std::vector<std::optional<ContentSignature>> signatures(const std::vector<TreeFile>& files, const Places& places) {
        std::vector<std::optional<ContentSignature>> result(places.size());
        std::size_t budget = most_signature_bytes;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const Oid& oid = files[places[i]].entry.oid;
            const auto content = reader_.store().is_partial() ? reader_.read_if_there(oid, ObjectType::blob)
                                                              : std::optional(reader_.read(oid, ObjectType::blob));
            if (!content || content->empty() || content->size() > std::min(most_content_bytes, budget)) continue;
            budget -= content->size();
            result[i].emplace(*content);
        }
        return result;
    }

    ObjectReader& reader_;
    const std::vector<TreeFile>& removed_;
    const std::vector<TreeFile>& added_;
    const std::vector<bool>& wanted_;
    std::vector<std::optional<Move>> moves_;
    std::vector<bool> taken_;
};

}  // namespace

std::vector<std::optional<Move>> find_moves(ObjectReader& reader, const TreeDifference& difference,
                                            const std::vector<bool>& wanted) {
    return MoveFinder(reader, difference, wanted).find();
}

}  // namespace uhost::git

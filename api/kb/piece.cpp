#include "api/kb/piece.hpp"

#include <random>

#include "api/kb/hash.hpp"

namespace uhost::kb {

// Lines that come again ------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t first_slots = 1 << 10;
// What the memo may hold, in lines and in candidates of them: some 10 MiB in all.
constexpr std::size_t max_lines = 180'000, max_candidates = 1 << 20;

std::uint64_t random_seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

}  // namespace

LineMemo::LineMemo() : seed_(random_seed()), slots_(first_slots) {}

LineMemo::Slot& LineMemo::slot_of(const Hash& hash) {
    const auto mask = slots_.size() - 1;
    for (auto at = hash[0] & mask;; at = (at + 1) & mask) {
        auto& slot = slots_[at];
        if (!slot.used || slot.hash == hash) return slot;
    }
}

std::uint32_t LineMemo::number(std::string_view line) {
    const auto hash = hash_of(line, seed_);
    auto& slot = slot_of(hash);
    if (slot.used) return slot.number;
    const auto number = static_cast<std::uint32_t>(size_++);
    slot = {hash, number, true};
    if (size_ * 4 > slots_.size() * 3) grow();
    return number;
}

void LineMemo::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old) {
        if (slot.used) slot_of(slot.hash) = slot;
    }
}

void LineMemo::forget() {
    slots_.assign(first_slots, {});
    size_ = 0;
}

// Reading -------------------------------------------------------------------------------------------------------------

void PieceReader::read(const log_text::Block& before, Piece& piece) {
    piece.block.begin_behind(before, looked_back_);
    piece.more = reader_.next(piece.block, stop_);
    piece.forgets = memo_.size() > max_lines || candidates_ > max_candidates;
    if (piece.forgets) {
        memo_.forget();
        candidates_ = 0;
    }
    choose_lines(piece);
    piece.found.clear();
    if (piece.searched.empty()) return;
    finder_.find(std::string_view(piece.text).substr(0, piece.text.size() - 1), piece.found);
    candidates_ += piece.found.size();
}

void PieceReader::choose_lines(Piece& piece) {
    piece.text.clear();
    piece.searched.clear();
    piece.ends.clear();
    piece.repeated.clear();
    if (!piece.block.has_new()) return;
    for (auto number = piece.block.first_new(); number <= piece.block.last_number(); ++number) {
        const auto line = piece.block.line(number);
        const auto known = memo_.size();
        const auto memo = memo_.number(line);
        if (memo < known) {
            piece.repeated.push_back({number, memo});
            continue;
        }
        piece.searched.push_back({number, memo});
        piece.text += line;
        piece.ends.push_back(piece.text.size());
        piece.text += '\n';
    }
}

}  // namespace uhost::kb

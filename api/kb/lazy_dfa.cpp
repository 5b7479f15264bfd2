#include "api/kb/lazy_dfa.hpp"

#include <algorithm>

namespace uhost::kb {

LazyDfa::LazyDfa(const Nfa& nfa, Begins begins)
    : nfa_(nfa),
      begins_(begins),
      width_(nfa.class_count()),
      classes_(nfa.classes().data()),
      seen_(nfa.states().size()) {
    ++sets_made_;
    Info first;
    for (const auto place : nfa_.starts()) close_over(place, first);
    if (begins == Begins::at_start) {
        first_ = std::move(first);
    } else {
        ways_.resize(width_);
        for (std::size_t number = 0; number < width_; ++number) {
            for (const auto place : first.places) {
                const auto& from = nfa_.states()[place];
                if (nfa_.takes(from, nfa_.byte_of_class(number))) ways_[number].push_back(from.next);
            }
        }
    }
    table_.reserve(max_table_bytes / sizeof(table_[0]));  // what is not used takes no memory
    forget({});
}

// Adds the places that are reached without reading a byte.
void LazyDfa::close_over(Nfa::Place from, Info& found) {
    pending_.assign(1, from);
    while (!pending_.empty()) {
        const auto place = pending_.back();
        pending_.pop_back();
        if (seen_[place] == sets_made_) continue;
        seen_[place] = sets_made_;
        const auto& state = nfa_.states()[place];
        if (state.set == Nfa::split) {
            pending_.push_back(state.other);
            pending_.push_back(state.next);
        } else if (state.set == Nfa::accept) {
            found.accepts.push_back(state.next);
        } else {
            found.places.push_back(place);
        }
    }
}

std::uint32_t LazyDfa::step(std::uint32_t state, std::uint8_t byte_class, std::span<Lane> running) {
    Info found;
    ++sets_made_;
    const auto byte = nfa_.byte_of_class(byte_class);
    for (const auto place : info_[state / width_].places) {
        const auto& from = nfa_.states()[place];
        if (nfa_.takes(from, byte)) close_over(from.next, found);
    }
    if (begins_ == Begins::anywhere) {
        for (const auto place : ways_[byte_class]) close_over(place, found);
    }
    if (begins_ == Begins::at_start && found.places.empty() && found.accepts.empty()) {
        return table_[state + byte_class] = dead;
    }
    std::ranges::sort(found.places);
    std::ranges::sort(found.accepts);
    if ((info_.size() + 1) * width_ * sizeof(table_[0]) > max_table_bytes) {
        forget(running);
        return state_of(std::move(found));
    }
    const auto next = state_of(std::move(found));
    table_[state + byte_class] = next;
    return next;
}

std::uint32_t LazyDfa::state_of(Info found) {
    PackWriter writer;
    writer.values(found.places);
    writer.values(found.accepts);
    auto key = writer.take();
    const auto row = static_cast<std::uint32_t>(table_.size());
    const auto [known, is_new] = known_.emplace(std::move(key), found.accepts.empty() ? row : row | special);
    if (is_new) {
        table_.resize(table_.size() + width_, unknown);
        info_.push_back(std::move(found));
    }
    return known->second;
}

void LazyDfa::forget(std::span<Lane> running) {
    std::vector<Info> kept;
    for (const auto& lane : running) kept.push_back(std::move(info_[lane.state / width_]));
    table_.clear();
    info_.clear();
    known_.clear();
    state_of(first_);
    for (std::size_t i = 0; i < running.size(); ++i) running[i].state = state_of(std::move(kept[i])) & ~special;
}

}  // namespace uhost::kb

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/kb/nfa.hpp"

namespace uhost::kb {

/// Runs an Nfa as a deterministic automaton. Each state is made when a text first leads to it; when there are too many,
/// all are forgotten. The Nfa must outlive it. For one thread at a time.
class LazyDfa {
public:
    /// Where what is accepted may begin: where a text does, or anywhere in it.
    enum class Begins { at_start, anywhere };

    LazyDfa(const Nfa& nfa, Begins begins);

    /// Reads until nothing more can be accepted; calls `report(number)` for what is accepted, now and then more than
    /// once.
    template <class Report>
    void read(std::string_view text, Report report) {
        Lane lane{text, 0, start};
        read_on(lane, [&](std::size_t, std::uint32_t number) { report(number); });
    }

    /// Reads some texts, each by itself, and calls `report(text, number)`, also not in their order: four are read in
    /// turns, since one alone would mostly wait for memory.
    template <class Report>
    void read_all(std::span<const std::string_view> texts, Report report) {
        std::array<Lane, lanes> running;
        std::size_t count = 0;
        for (std::size_t next = 0; next < texts.size(); ++next) {
            if (texts[next].empty()) continue;
            running[count++] = {texts[next], next, start};
            if (count < lanes) continue;
            read_in_turns(running, report);
            const auto done = std::ranges::remove_if(running, [](const Lane& lane) { return lane.text.empty(); });
            count = static_cast<std::size_t>(done.begin() - running.begin());
        }
        for (auto& lane : std::span(running).first(count)) read_on(lane, report);
    }

private:
    static constexpr std::uint32_t start = 0;
    /// Set in what the table says of a state that accepts something.
    static constexpr std::uint32_t special = 1U << 31U, unknown = ~0U, dead = ~0U - 1;
    static constexpr std::size_t max_table_bytes = 8 << 20, lanes = 4;

    /// A text that is read: what is left of it, and how far the automaton came.
    struct Lane {
        std::string_view text;
        std::size_t number;
        std::uint32_t state;
    };
    /// Where the automaton is, beside where it begins when that is anywhere.
    struct Info {
        std::vector<Nfa::Place> places;  ///< that read a byte
        std::vector<std::uint32_t> accepts;
    };

    template <class Report>
    void read_on(Lane& lane, Report report) {
        auto state = lane.state;
        const auto* table = table_.data();
        for (const char c : lane.text) {
            const auto byte_class = classes_[static_cast<unsigned char>(c)];
            auto next = table[state + byte_class];
            if (next >= special) {
                if (next == unknown) {
                    next = step(state, byte_class, {});
                    table = table_.data();
                }
                if (next == dead) return;
                if (next >= special) next = take(next, lane.number, report);
            }
            state = next;
        }
    }

    // Until one of the texts ends. Where what is accepted may begin anywhere, no state is dead.
    template <class Report>
    void read_in_turns(std::array<Lane, lanes>& running, Report report) {
        const auto shortest = std::ranges::min(running, {}, [](const Lane& lane) { return lane.text.size(); });
        const auto bytes = shortest.text.size();
        for (std::size_t i = 0; i < bytes; ++i) {
            const auto* table = table_.data();
            for (auto& lane : running) {
                const auto byte_class = classes_[static_cast<unsigned char>(lane.text[i])];
                auto next = table[lane.state + byte_class];
                if (next >= special) {
                    if (next == unknown) {
                        next = step(lane.state, byte_class, running);
                        table = table_.data();
                    }
                    if (next >= special) next = take(next, lane.number, report);
                }
                lane.state = next;
            }
        }
        for (auto& lane : running) lane.text.remove_prefix(bytes);
    }

    template <class Report>
    std::uint32_t take(std::uint32_t state, std::size_t text, Report& report) {
        state -= special;
        for (const auto number : info_[state / width_].accepts) report(text, number);
        return state;
    }

    /// `running` are those whose states must stay known.
    std::uint32_t step(std::uint32_t state, std::uint8_t byte_class, std::span<Lane> running);
    void close_over(Nfa::Place place, Info& found);
    std::uint32_t state_of(Info found);
    void forget(std::span<Lane> running);

    const Nfa& nfa_;
    Begins begins_;
    std::size_t width_;  // of a row of the table
    const std::uint8_t* classes_;
    std::vector<std::uint32_t> table_;  // by state and class; a state is the place of its row
    std::vector<Info> info_;
    std::unordered_map<std::string, std::uint32_t> known_;  // by places and accepts
    Info first_;                                            // where it begins; nothing when that is anywhere
    std::vector<std::vector<Nfa::Place>> ways_;             // when it is: by class, where a byte leads from there
    std::vector<std::uint32_t> seen_;                       // when a place was last added to a set
    std::uint32_t sets_made_ = 0;
    std::vector<Nfa::Place> pending_;
};

}  // namespace uhost::kb

#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "api/kb/packed.hpp"
#include "api/kb/required_literals.hpp"
#include "api/re/pattern_tree.hpp"

namespace uhost::kb {

/// A nondeterministic automaton over bytes, which accepts numbered things. It may accept too early and too often, but
/// never too late: what it finds are candidates.
class Nfa {
public:
    using Place = std::uint32_t;
    using ByteSet = std::bitset<256>;

    struct State {
        std::uint32_t set;  ///< a byte of this set, in sets(), leads to `next`; or one of the kinds below
        Place next;         ///< of `accept`, the number of what is accepted
        Place other;        ///< of `split`, which goes both ways at once
    };
    static constexpr std::uint32_t split = ~0U, accept = ~0U - 1;

    /// Lets it accept `number` once one of the texts was read.
    void add(const LiteralSet& literals, std::uint32_t number);
    /// Lets it accept `number` once what the items match in a line may have been read. Repeats of more than a few
    /// become endless, assertions hold everywhere, and what is_uncertain() ends the reading. False, and nothing is
    /// added, when nothing would be read.
    bool add(std::span<const re::PatternNode* const> items, bool bytes, std::uint32_t number);
    /// To be called when all is added.
    void finish();

    /// Whether a repeat has no end, as this reads it.
    static bool is_endless(const re::PatternNode& repeat);
    /// Whether it cannot be known in a few states what the node matches, as of ".*" and of a back reference.
    static bool is_uncertain(const re::PatternNode& node);

    /// All ways begin here.
    const std::vector<Place>& starts() const { return starts_; }
    const std::vector<State>& states() const { return states_; }
    bool takes(const State& state, std::uint8_t byte) const { return sets_[state.set][byte]; }
    /// Bytes of one class lead to the same states.
    const std::array<std::uint8_t, 256>& classes() const { return classes_; }
    std::uint8_t byte_of_class(std::size_t number) const { return representatives_[number]; }
    std::size_t class_count() const { return representatives_.size(); }

    void pack(PackWriter& writer) const;
    static Nfa unpack(PackReader& reader);

private:
    friend class NfaBuilder;

    /// A text's beginning, which others share.
    struct Node {
        std::map<std::uint32_t, std::size_t> next;  ///< by set
        std::vector<std::uint32_t> accepts;
    };

    Place add_state(State state);
    std::uint32_t add_set(const ByteSet& set);
    Place lay_out(std::size_t node);
    void make_classes();

    std::vector<State> states_;
    std::vector<ByteSet> sets_;
    std::vector<Place> starts_;
    std::array<std::uint8_t, 256> classes_{};
    std::vector<std::uint8_t> representatives_;  // a byte of each class
    std::vector<Node> texts_{1};                 // until finish()
    std::map<std::string, std::uint32_t> set_numbers_;
};

}  // namespace uhost::kb

#include "api/kb/nfa.hpp"

#include <algorithm>

namespace uhost::kb {

// Building ------------------------------------------------------------------------------------------------------------

namespace {

using NodeKind = re::PatternNode::Kind;

// More copies of a counted part become an endless repeat.
constexpr unsigned max_counted = 4;
// Of one pattern; what is longer is not read to its end.
constexpr std::size_t max_states = 1000;

// Whether a repeat of it takes whatever comes.
bool takes_all(const re::PatternNode& node) {
    if (node.kind != NodeKind::set) return false;
    for (unsigned code = ' '; code < 0x7F; ++code) {
        if (!node.set.ascii[code]) return false;
    }
    return true;
}

Nfa::ByteSet bytes_between(unsigned first, unsigned last) {
    Nfa::ByteSet set;
    for (auto byte = first; byte <= last; ++byte) set.set(byte);
    return set;
}

std::string utf8_of(char32_t code) {
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
    if (code < 0x800) return {static_cast<char>(0xC0U | code >> 6U), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | code >> 18U), tail(12), tail(6), tail(0)};
}

}  // namespace

/// Adds the states of one pattern, from its end to its beginning.
class NfaBuilder {
public:
    NfaBuilder(Nfa& nfa, bool bytes, std::uint32_t number)
        : nfa_(nfa), bytes_(bytes), accept_(nfa.add_state({Nfa::accept, number, 0})) {}

    Nfa::Place sequence(std::span<const re::PatternNode* const> items) {
        const auto uncertain = std::ranges::find_if(items, [](const auto* item) { return Nfa::is_uncertain(*item); });
        auto place = accept_;
        auto end = uncertain == items.end() ? items.size() : static_cast<std::size_t>(uncertain - items.begin()) + 1;
        while (end-- > 0) place = item(*items[end], place);
        return place;
    }

    /// Whether it accepts there before it reads anything.
    bool is_accepting(Nfa::Place start) const {
        std::vector<Nfa::Place> found{start};
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto& state = nfa_.states_[found[i]];
            if (state.set == Nfa::accept) return true;
            if (state.set != Nfa::split) continue;
            for (const auto place : {state.next, state.other}) {
                if (std::ranges::find(found, place) == found.end()) found.push_back(place);
            }
        }
        return false;
    }

private:
    Nfa::Place item(const re::PatternNode& node, Nfa::Place next) {
        if (nfa_.states_.size() - accept_ > max_states) return accept_;
        switch (node.kind) {
            case NodeKind::set:
                return set(node, next);
            case NodeKind::sequence: {
                std::vector<const re::PatternNode*> items;
                for (const auto& each : node.items) items.push_back(&each);
                return nested(items, next);
            }
            case NodeKind::choice:
                return choice(node, next);
            case NodeKind::repeat:
                return repeat(node, next);
            case NodeKind::group:
                return item(node.items.front(), next);
            case NodeKind::assertion:
            case NodeKind::look:
            case NodeKind::options:
            case NodeKind::callout:
            case NodeKind::keep:
                return next;
            default:
                return accept_;
        }
    }

    Nfa::Place nested(const std::vector<const re::PatternNode*>& items, Nfa::Place next) {
        for (auto end = items.size(); end-- > 0;) next = item(*items[end], next);
        return next;
    }

    Nfa::Place choice(const re::PatternNode& node, Nfa::Place next) {
        auto place = item(node.items.back(), next);
        for (auto end = node.items.size() - 1; end-- > 0;) {
            const auto first = item(node.items[end], next);
            place = nfa_.add_state({Nfa::split, first, place});
        }
        return place;
    }

    Nfa::Place repeat(const re::PatternNode& node, Nfa::Place next) {
        const auto& inner = node.items.front();
        const auto copies = std::min(node.min, max_counted);
        if (Nfa::is_endless(node)) {
            next = takes_all(inner) ? accept_ : endless(inner, next);
        } else {
            const auto end = next;
            for (auto more = *node.max - std::min(copies, *node.max); more > 0; --more) {
                const auto first = item(inner, next);
                next = nfa_.add_state({Nfa::split, first, end});
            }
        }
        for (auto left = copies; left > 0; --left) next = item(inner, next);
        return next;
    }

    Nfa::Place endless(const re::PatternNode& inner, Nfa::Place next) {
        const auto loop = nfa_.add_state({Nfa::split, next, next});
        const auto first = item(inner, loop);
        nfa_.states_[loop].next = first;
        return loop;
    }

    Nfa::Place bytes(const Nfa::ByteSet& set, Nfa::Place next) {
        const auto number = nfa_.add_set(set);
        return nfa_.add_state({number, next, 0});
    }

    Nfa::Place set(const re::PatternNode& node, Nfa::Place next) {
        if (node.character && *node.character >= 128 && !node.caseless) return character(*node.character, next);
        Nfa::ByteSet ascii;
        for (unsigned code = 0; code < 128; ++code) ascii[code] = node.set.ascii[code];
        if (node.set.beyond == re::CharacterSet::Beyond::none && !node.set.inexact) return bytes(ascii, next);
        if (bytes_) return bytes(ascii | bytes_between(0x80, 0xFF), next);
        // Any character beyond ASCII: its first byte, and then what continues it.
        const auto inside = nfa_.add_state({Nfa::split, next, next});
        const auto continued = bytes(bytes_between(0x80, 0xBF), inside);
        nfa_.states_[inside].next = continued;
        const auto beyond = bytes(bytes_between(0x80, 0xFF), inside);
        const auto plain = bytes(ascii, next);
        return nfa_.add_state({Nfa::split, beyond, plain});
    }

    Nfa::Place character(char32_t code, Nfa::Place next) {
        const auto text = bytes_ ? std::string(1, static_cast<char>(code)) : utf8_of(code);
        for (auto at = text.size(); at-- > 0;) {
            const auto byte = static_cast<unsigned char>(text[at]);
            next = bytes(bytes_between(byte, byte), next);
        }
        return next;
    }

    Nfa& nfa_;
    bool bytes_;
    Nfa::Place accept_;
};

bool Nfa::is_endless(const re::PatternNode& repeat) { return !repeat.max || *repeat.max > max_counted; }

bool Nfa::is_uncertain(const re::PatternNode& node) {
    switch (node.kind) {
        case NodeKind::repeat:
            return (is_endless(node) && takes_all(node.items.front())) || is_uncertain(node.items.front());
        case NodeKind::sequence:
        case NodeKind::choice:
        case NodeKind::group:
            return std::ranges::any_of(node.items, is_uncertain);
        case NodeKind::set:
        case NodeKind::assertion:
        case NodeKind::look:
        case NodeKind::options:
        case NodeKind::callout:
        case NodeKind::keep:
            return false;
        default:
            return true;
    }
}

Nfa::Place Nfa::add_state(State state) {
    states_.push_back(state);
    return static_cast<Place>(states_.size() - 1);
}

std::uint32_t Nfa::add_set(const ByteSet& set) {
    const auto [known, is_new] = set_numbers_.emplace(set.to_string(), static_cast<std::uint32_t>(sets_.size()));
    if (is_new) sets_.push_back(set);
    return known->second;
}

void Nfa::add(const LiteralSet& literals, std::uint32_t number) {
    for (const auto& literal : literals) {
        std::size_t node = 0;
        for (const char c : literal.text) {
            const auto byte = static_cast<unsigned char>(c);
            auto set = bytes_between(byte, byte);
            const auto folded = byte | 0x20U;
            if (literal.caseless && folded >= 'a' && folded <= 'z') set.set(folded).set(folded & ~0x20U);
            const auto [next, is_new] = texts_[node].next.emplace(add_set(set), texts_.size());
            node = next->second;
            if (is_new) texts_.emplace_back();
        }
        texts_[node].accepts.push_back(number);
    }
}

bool Nfa::add(std::span<const re::PatternNode* const> items, bool bytes, std::uint32_t number) {
    const auto before = states_.size();
    NfaBuilder builder(*this, bytes, number);
    const auto start = builder.sequence(items);
    if (builder.is_accepting(start)) {
        states_.resize(before);
        return false;
    }
    starts_.push_back(start);
    return true;
}

// The ways out of a node, as one place.
Nfa::Place Nfa::lay_out(std::size_t node) {
    std::vector<Place> ways;
    for (const auto number : texts_[node].accepts) ways.push_back(add_state({accept, number, 0}));
    for (const auto& [set, next] : texts_[node].next) {
        const auto behind = lay_out(next);
        ways.push_back(add_state({set, behind, 0}));
    }
    auto place = ways.back();
    for (auto way = ways.size() - 1; way-- > 0;) place = add_state({split, ways[way], place});
    return place;
}

void Nfa::finish() {
    if (!texts_.front().next.empty()) starts_.push_back(lay_out(0));
    texts_ = {Node{}};
    set_numbers_.clear();
    make_classes();
}

void Nfa::make_classes() {
    std::map<std::string, std::uint8_t> known;
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::string members;
        for (const auto& set : sets_) members += set[byte] ? '1' : '0';
        const auto [found, is_new] = known.emplace(std::move(members), static_cast<std::uint8_t>(known.size()));
        if (is_new) representatives_.push_back(static_cast<std::uint8_t>(byte));
        classes_[byte] = found->second;
    }
}

// Keeping -------------------------------------------------------------------------------------------------------------

void Nfa::pack(PackWriter& writer) const {
    writer.values(states_);
    writer.values(sets_);
    writer.values(starts_);
    writer.number(classes_);
    writer.values(representatives_);
}

Nfa Nfa::unpack(PackReader& reader) {
    Nfa nfa;
    nfa.states_ = reader.values<State>();
    nfa.sets_ = reader.values<ByteSet>();
    nfa.starts_ = reader.values<Place>();
    nfa.classes_ = reader.number<std::array<std::uint8_t, 256>>();
    nfa.representatives_ = reader.values<std::uint8_t>();
    return nfa;
}

}  // namespace uhost::kb

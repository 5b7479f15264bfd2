#pragma once

#include <cstdint>
#include <vector>

#include "api/kb/nfa.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

/// How the expressions of a PatternSet are looked for together. Each of its alternatives is looked for by a probe: by
/// how a line begins, where it is anchored there; by a text that the line must have; or by both. A line that an
/// expression matches has one of its probes.
struct SearchPlan {
    struct Probe {
        std::uint32_t expression;
        bool by_start;  ///< `starts` or `shapes` has to accept it
        bool by_text;   ///< `texts` has to accept it
    };
    static_assert(sizeof(Probe) == 8);

    static SearchPlan make(const PatternSet& patterns);

    std::vector<Probe> probes;
    // What is accepted are probes.
    Nfa starts;  ///< is read from the start of each line
    Nfa shapes;  ///< the same, of patterns without a text; apart, since so many ways in one automaton would be too many
    Nfa texts;   ///< is read anywhere
    std::vector<std::uint32_t> always;  ///< expressions that every line has to be looked at for
    /// Expressions that continue a sequence and have no text: tried on every line behind one that begins it.
    std::vector<std::uint32_t> continuing;
    /// Expressions that may match the Kelvin sign for a k, or the long s for an s, which no text says; lines with such
    /// a letter have to be looked at for all of them.
    std::vector<std::uint32_t> folding;

    void pack(PackWriter& writer) const;
    static SearchPlan unpack(PackReader& reader);
};

}  // namespace uhost::kb

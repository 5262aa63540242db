/// How long the co-processor and the radio take. The defaults are next to nothing, for tests;
/// realistic() is about what a CC2652 on a quiet network takes.
#pragma once

#include <chrono>

namespace waggle::sim {

struct Timing {
    using Milliseconds = std::chrono::milliseconds;

    Milliseconds response{0};    // SREQ to SRSP
    Milliseconds reset{20};      // reset request to reset indication
    Milliseconds startup{5};     // startupFromApp to running as coordinator
    Milliseconds formation{10};  // bdbStartCommissioning to running
    Milliseconds confirm{0};     // data request to data confirm
    Milliseconds air{1};         // a frame's way, one direction
    Milliseconds gap{0};         // at least, between two frames to the co-processor
    Milliseconds join{10};       // association to device announce

    static Timing realistic() {
        Timing timing;
        timing.response = Milliseconds(2);
        timing.reset = Milliseconds(1000);
        timing.startup = Milliseconds(1100);
        timing.formation = Milliseconds(3500);
        timing.confirm = Milliseconds(8);
        timing.air = Milliseconds(12);
        timing.join = Milliseconds(700);
        return timing;
    }
};

}  // namespace waggle::sim

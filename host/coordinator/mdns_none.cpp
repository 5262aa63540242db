#include "coordinator/mdns_browse.hpp"

namespace waggle {

MdnsAnswer browse_mdns(const std::string&, std::chrono::milliseconds, std::stop_token) {
    MdnsAnswer answer;
    answer.error = Errc::unsupported;
    answer.problem =
        "this program was built without libavahi-client; set serial.port to tcp://<host>:<port>";
    return answer;
}

}  // namespace waggle

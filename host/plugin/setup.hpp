#pragma once

#include <string>
#include <vector>

#include "network/device.hpp"
#include "plugin/definition.hpp"
#include "plugin/services.hpp"

/// What a plugin asks to be done to a device, as requests to it.
namespace waggle::plugin {

class Setup {
  public:
    Setup(const Definition& definition, const Device& device)
        : definition_(&definition), device_(device) {}
    /// Of a device without a definition: `readings` with endpoints by number only.
    explicit Setup(const Device& device) : device_(device) {}

    /// All that the definition asks for: bindings, then each reporting and what is read after it.
    /// `problem` when no endpoint has a cluster to bind or report.
    std::vector<RadioRequest> requests(std::string& problem);

    /// wg_reading. Joined ones share a frame, four at most: long answers are lost.
    std::vector<RadioRequest> readings(const wg_table& readings);

  private:
    void interleave(std::vector<RadioRequest> readings);
    std::vector<EndpointId> endpoints(EndpointId wanted, ClusterId cluster, std::string& problem);
    bool is_bound(EndpointId endpoint, ClusterId cluster) const;
    RadioRequest& add(wg_request_kind kind, EndpointId endpoint, ClusterId cluster);
    void read(EndpointId endpoint, const wg_reading& reading, std::size_t most);

    const Definition* definition_ = nullptr;
    const Device& device_;
    std::vector<RadioRequest> requests_;
};

}  // namespace waggle::plugin

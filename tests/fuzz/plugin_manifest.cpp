#include <cstdint>

#include "plugin/manifest.hpp"

/// A file in the plugin folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string problem;
    (void)waggle::plugin::read_manifest(waggle::ByteView(data, size), problem);
    return 0;
}

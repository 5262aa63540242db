#include <cstdint>
#include <cstdlib>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/bytes.hpp"
#include "ota/index.hpp"
#include "ota/matching.hpp"

/// An index of images. What is read is the same when it is written and read again, and choosing among
/// it keeps its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    ota::DeviceFacts facts;
    facts.manufacturer = 4447;
    facts.image_type = 257;
    facts.file_version = 20;
    facts.model_id = "lumi.ctrl_neutral1";
    ota::Selection selection(facts, ota::Direction::upgrade);
    std::size_t usable = 0;
    const auto totals = ota::read_index(as_text({data, size}), [&](ota::ReadEntry read) {
        ++usable;
        const auto written = ota::to_json(read.entry);
        const auto again = ota::read_entry(written);
        if (read.entry.url.empty() || !again || ota::to_json(again->entry) != written)
            std::abort();
        selection.consider(std::move(read.entry), false);
    });
    if (totals ? usable + totals->unusable != totals->entries : totals.error().message.empty())
        std::abort();
    const auto found = std::move(selection).take();
    if (found.considered.size() > 52 || (found.available && !found.best))
        std::abort();
    return 0;
}

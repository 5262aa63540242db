#include "coordinator/znp/family.hpp"

#include "base/log.hpp"
#include "coordinator/transport.hpp"
#include "coordinator/znp/coordinator.hpp"

namespace waggle::znp {
namespace {

LinkOptions link_options(const CoordinatorOptions& options) {
    LinkOptions link;
    link.port = options.port;
    link.baud_rate = options.baud_rate != 0 ? options.baud_rate : default_baud_rate;
    link.hardware_flow_control = options.hardware_flow_control;
    return link;
}

class Deaf final : public Driver::Events {
    void areq(const Frame&) override {}
    void link_ended(std::string_view) override {}
};

}  // namespace

Awaitable<bool> probe(CoordinatorOptions options) {
    const auto executor = co_await boost::asio::this_coro::executor;
    std::string problem;
    auto transport = make_transport(executor, link_options(options), problem);
    Deaf events;
    Driver driver(executor, events);
    bool answers = false;
    if (transport) {
        auto opened = co_await driver.open(std::move(*transport), problem);
        if (opened) {
            auto awake = co_await wake(driver);
            answers = awake.has_value();
        }
    }
    if (!problem.empty())
        log::warning("znp", "{}", problem);
    driver.close();
    co_return answers;
}

std::unique_ptr<Coordinator> make(boost::asio::any_io_executor executor, CoordinatorOptions options,
                                  Coordinator::Listener& listener) {
    auto make_link = [executor, link = link_options(options)](std::string& problem) {
        return make_transport(executor, link, problem);
    };
    return std::make_unique<ZnpCoordinator>(executor, std::move(options), listener,
                                            std::move(make_link));
}

}  // namespace waggle::znp

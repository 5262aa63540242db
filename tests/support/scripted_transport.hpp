#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "coordinator/transport.hpp"

/// A link whose other end is a script: the test says what to answer to what is written, and can say
/// anything at any time. Nothing is answered from inside a call; everything arrives in later turns
/// of the loop, as from a real device.
namespace waggle::test {

class ScriptedLink : public std::enable_shared_from_this<ScriptedLink> {
  public:
    explicit ScriptedLink(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// Called in a later turn with each write; usually calls say().
    std::function<void(ByteView)> on_written;
    /// What open() shall return; success by default.
    Result<void> opening;
    std::string opening_problem;
    bool lines = false;  ///< behave as a serial port

    /// The transport to hand to the code under test. One at a time; a new one replaces the last.
    std::unique_ptr<Transport> transport();

    void say(Bytes bytes);          ///< arrives as one piece
    void drop(std::string reason);  ///< the link ends
    bool is_open() const noexcept { return sink_ != nullptr; }

    std::vector<Bytes> written;                      ///< everything, in order
    std::vector<std::pair<bool, bool>> line_levels;  ///< DTR and RTS as they were set
    unsigned opened = 0;

  private:
    class End;

    void deliver();

    boost::asio::any_io_executor executor_;
    Transport::Sink* sink_ = nullptr;
    Bytes kept_;
};

}  // namespace waggle::test

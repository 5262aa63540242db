#pragma once

namespace waggle::app {

/// The program. -> its exit code: 0 stopped as asked, 1 could not run, 2 the configuration or the
/// command line is wrong.
int run(int argc, char** argv);

}  // namespace waggle::app

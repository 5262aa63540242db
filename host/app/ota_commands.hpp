#pragma once

#include "app/command_line.hpp"

/// `waggle ota …`: looking at firmware files without a network.
namespace waggle::app {

/// All that one file says of itself. -> exit code: 1 when it is no image
int inspect_image(const CommandLine& line);
/// The index of a folder to standard output, what is no image to standard error. -> exit code
int index_images(const CommandLine& line);
/// What the host starts to find and fetch firmware, see ota/job.hpp. -> exit code
int do_ota_job(const CommandLine& line);

}  // namespace waggle::app

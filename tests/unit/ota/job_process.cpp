// What stands for the host's own program in the tests of the catalogue: `waggle ota job --data DIR`
// does the job; where the data folder says so it misbehaves instead.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

#include "ota/job.hpp"

int main(int argc, char** argv) {
    const std::filesystem::path data = argc == 5 ? argv[4] : "";
    const auto told = [&](const char* what) { return std::filesystem::exists(data / what); };
    if (told("fail"))
        return 3;
    if (told("crash"))
        std::raise(SIGKILL);  // sanitizers catch the others
    if (told("chatter"))
        for (;;)
            if (std::puts("all work and no play") < 0)
                return 1;
    if (told("nonsense"))
        return std::puts("nonsense") < 0;
    if (told("hang")) {
        const auto note = std::to_string(::getpid());
        std::FILE* const file = std::fopen((data / "pid").c_str(), "w");
        std::fputs(note.c_str(), file);
        std::fclose(file);
        ::sleep(60);
    }
    return waggle::ota::serve_job(data);
}

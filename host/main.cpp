#include "app/run.hpp"

int main(int argc, char** argv) {
    return waggle::app::run(argc, argv);
}

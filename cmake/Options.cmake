# Compiler flags, in one INTERFACE target that every target of ours links.
option(XCY_WERROR "Treat warnings as errors" OFF)
set(XCY_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

add_library(xcy_options INTERFACE)
target_compile_features(xcy_options INTERFACE c_std_11)
target_compile_definitions(xcy_options INTERFACE _GNU_SOURCE
    XCY_VERSION="${PROJECT_VERSION}")
target_include_directories(xcy_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(xcy_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
    -Wpointer-arith -Wcast-qual -Wformat=2 -Wundef -Wvla)
if(XCY_WERROR)
    target_compile_options(xcy_options INTERFACE -Werror)
endif()
if(XCY_SANITIZE)
    target_compile_options(xcy_options INTERFACE -fsanitize=${XCY_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(xcy_options INTERFACE -fsanitize=${XCY_SANITIZE})
endif()

# For every test. A race ends its program at once: of one in a function, deep below a test, only the
# failed requests are seen there.
set(XCY_TEST_ENVIRONMENT "")
if(XCY_SANITIZE STREQUAL "thread")
    set(XCY_TEST_ENVIRONMENT "TSAN_OPTIONS=halt_on_error=1")
endif()

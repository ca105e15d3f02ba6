# One line a target: a library, a program (with the man page made from its option table), a unit test.

# xcy_library(NAME SOURCES a.c … HEADERS a.h … DEPS lower …)
function(xcy_library name)
    cmake_parse_arguments(A "" "" "SOURCES;HEADERS;DEPS" ${ARGN})
    add_library(${name} STATIC ${A_SOURCES})
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${A_HEADERS})
    target_link_libraries(${name} PUBLIC xcy_options ${A_DEPS})
endfunction()

# xcy_program(NAME SOURCES main.c … DEPS … [NO_MAN]): bin/NAME, and man/NAME.1 from `NAME --man`
function(xcy_program name)
    cmake_parse_arguments(A "NO_MAN" "" "SOURCES;DEPS" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    target_link_libraries(${name} PRIVATE xcy_options ${A_DEPS})
    if(NOT A_NO_MAN)
        add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/man/${name}.1
            COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
            COMMAND ${name} --man > ${PROJECT_BINARY_DIR}/man/${name}.1
            DEPENDS ${name} VERBATIM)
        add_custom_target(${name}_man ALL DEPENDS ${PROJECT_BINARY_DIR}/man/${name}.1)
    endif()
endfunction()

# xcy_unit_test(NAME DEPS …): NAME.c beside the calling list, run under CTest with the label "unit"
function(xcy_unit_test name)
    cmake_parse_arguments(A "" "" "DEPS" ${ARGN})
    add_executable(${name} ${name}.c)
    target_link_libraries(${name} PRIVATE xcy_options xcy_test_support ${A_DEPS} PkgConfig::CMOCKA)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/unit)
    add_test(NAME unit/${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 300)
endfunction()

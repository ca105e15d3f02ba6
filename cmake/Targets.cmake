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

# xcy_command_man(NAME COMMAND): man/NAME-COMMAND.1 from `NAME COMMAND --man`
function(xcy_command_man name command)
    set(page ${PROJECT_BINARY_DIR}/man/${name}-${command}.1)
    add_custom_command(OUTPUT ${page}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
        COMMAND ${name} ${command} --man > ${page}
        DEPENDS ${name} VERBATIM)
    add_custom_target(${name}_${command}_man ALL DEPENDS ${page})
endfunction()

# xcy_unit_test(NAME DEPS …): NAME.c beside the calling list, run under CTest with the label "unit";
# the target is <folder>_NAME
function(xcy_unit_test name)
    cmake_parse_arguments(A "" "" "DEPS" ${ARGN})
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    set(target ${folder}_${name})
    add_executable(${target} ${name}.c)
    target_link_libraries(${target} PRIVATE xcy_options xcy_test_support ${A_DEPS} PkgConfig::CMOCKA)
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/unit/${folder} OUTPUT_NAME ${name})
    add_test(NAME unit/${folder}/${name} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(unit/${folder}/${name} PROPERTIES LABELS unit TIMEOUT 300
        ENVIRONMENT "${XCY_TEST_ENVIRONMENT}")
endfunction()

# xcy_tap_test(NAME LABEL cli|e2e|style): NAME.t beside the calling list, run by prove under CTest
function(xcy_tap_test name)
    cmake_parse_arguments(A "" "LABEL" "" ${ARGN})
    add_test(NAME ${A_LABEL}/${name} COMMAND prove --verbose -e sh ${CMAKE_CURRENT_SOURCE_DIR}/${name}.t)
    set_tests_properties(${A_LABEL}/${name} PROPERTIES LABELS ${A_LABEL} TIMEOUT 900
        ENVIRONMENT "XCY_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};${XCY_TEST_ENVIRONMENT}")
endfunction()
